#include "pipeline/inspect/text.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

namespace chorale::inspect {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaximumRows = 100;

// Characters, not bytes: continuation bytes of UTF-8 take no room.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string with_separators(std::string digits) {
  for (std::size_t i = digits.size(); i > 3 && digits[i - 4] != '-'; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string cell(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_integer()) return with_separators(value.dump());
  if (value.is_number_float()) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value.get<double>());
    return text;
  }
  return value.dump();
}

std::string title(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

bool is_line(const Json& value) {
  return value.is_primitive() &&
         !(value.is_string() && value.get_ref<const std::string&>().find('\n') != std::string::npos);
}

std::string padding(const std::string& text, std::size_t width) {
  return std::string(width - width_of(text), ' ');
}

void print_lines(const Json& object, std::ostream& out) {
  std::size_t width = 0;
  for (const auto& [name, value] : object.items()) {
    if (is_line(value)) width = std::max(width, name.size());
  }
  for (const auto& [name, value] : object.items()) {
    if (is_line(value)) out << "  " << title(name) << padding(name, width) << "  " << cell(value) << '\n';
  }
}

// Numbers to the right, text to the left, nothing after the last column.
void print_table(const Json& rows, std::ostream& out) {
  struct Column {
    std::string name;
    std::size_t width;
    bool number;
  };
  const std::size_t shown = std::min(rows.size(), kMaximumRows);
  std::vector<Column> columns;
  for (const auto& [name, value] : rows.front().items())
    columns.push_back({name, name.size(), value.is_number()});
  for (auto& column : columns) {
    for (std::size_t i = 0; i < shown; ++i)
      column.width = std::max(column.width, width_of(cell(rows[i][column.name])));
  }
  const auto print_cell = [&](const Column& column, const std::string& text) {
    out << "  " << (column.number ? padding(text, column.width) + text : text);
    if (!column.number && &column != &columns.back()) out << padding(text, column.width);
  };
  for (const auto& column : columns) print_cell(column, title(column.name));
  out << '\n';
  for (std::size_t i = 0; i < shown; ++i) {
    for (const auto& column : columns) print_cell(column, cell(rows[i][column.name]));
    out << '\n';
  }
  if (shown < rows.size()) out << "  ... and " << rows.size() - shown << " more rows (--json has all)\n";
}

void print_section(const std::string& name, const Json& value, std::ostream& out) {
  if (value.is_object()) {
    if (std::any_of(value.begin(), value.end(), is_line)) {
      out << '\n' << title(name) << '\n';
      print_lines(value, out);
    }
    for (const auto& [inner, section] : value.items()) {
      if (!is_line(section)) print_section(name + ": " + inner, section, out);
    }
    return;
  }
  out << '\n' << title(name) << '\n';
  if (value.is_string()) {
    std::istringstream text(value.get<std::string>());
    for (std::string line; std::getline(text, line);) out << "  " << line << '\n';
  } else if (value.empty()) {
    out << "  none\n";
  } else if (value.front().is_object()) {
    print_table(value, out);
  } else {
    for (const auto& item : value) out << "  " << cell(item) << '\n';
  }
}

}  // namespace

std::string as_text(const Json& description) {
  std::ostringstream out;
  print_lines(description, out);
  for (const auto& [name, value] : description.items()) {
    if (!is_line(value)) print_section(name, value, out);
  }
  return out.str();
}

}  // namespace chorale::inspect
