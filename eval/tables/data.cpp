// The formats for machines, and the files.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "eval/tables/formats.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;

template <class Kind>
bool holds(const Table& table, std::size_t column) {
  return std::any_of(table.rows.begin(), table.rows.end(),
                     [&](const auto& row) { return std::holds_alternative<Kind>(row[column]); });
}

// The names of the columns that one becomes: two where a cell has two numbers.
std::vector<std::string> csv_columns(const Table& table, std::size_t column) {
  const std::string& key = table.columns[column].key;
  if (holds<MeanStd>(table, column)) return {key + "_mean", key + "_std"};
  if (holds<Range>(table, column)) return {key + "_low", key + "_high"};
  return {key};
}

// Shortest text that reads back to the same double.
std::string all_digits(double value) { return fmt::format("{}", value); }

std::string csv_cell(const Cell& cell, bool two_columns) {
  std::string text;
  if (const auto* number = std::get_if<Number>(&cell)) {
    text = all_digits(number->value);
  } else if (const auto* value = std::get_if<MeanStd>(&cell)) {
    return all_digits(value->mean) + "," + (value->std ? all_digits(*value->std) : "");
  } else if (const auto* range = std::get_if<Range>(&cell)) {
    return all_digits(range->low) + "," + all_digits(range->high);
  } else if (!std::holds_alternative<std::monostate>(cell)) {
    text = dataset::csv_field(text_of(cell));
  }
  return two_columns ? text + "," : text;
}

struct ToJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(const std::string& text) const { return text; }
  Json operator()(std::int64_t value) const { return value; }
  Json operator()(const Number& number) const { return number.value; }
  Json operator()(const MeanStd& value) const {
    return {{"mean", value.mean}, {"std", value.std ? Json(*value.std) : Json(nullptr)}, {"n", value.n}};
  }
  Json operator()(const Range& range) const { return {{"low", range.low}, {"high", range.high}}; }
};

}  // namespace

std::string to_csv(const Table& table) {
  std::vector<std::string> header;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    for (const auto& name : csv_columns(table, c)) header.push_back(dataset::csv_field(name));
  }
  if (!table.warnings.empty()) header.emplace_back("warning");
  std::string result = fmt::format("{}\n", fmt::join(header, ","));
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (std::size_t c = 0; c < row.size(); ++c)
      cells.push_back(csv_cell(row[c], csv_columns(table, c).size() > 1));
    if (!table.warnings.empty())
      cells.push_back(dataset::csv_field(fmt::format("{}", fmt::join(table.warnings, " "))));
    result += fmt::format("{}\n", fmt::join(cells, ","));
  }
  return result;
}

std::string to_json(const Table& table) {
  Json columns = Json::array(), rows = Json::array();
  for (const auto& column : table.columns) {
    columns.push_back({{"key", column.key}, {"header", column.header}});
    if (!column.group.empty()) columns.back()["group"] = column.group;
  }
  for (const auto& row : table.rows) {
    Json object = Json::object();
    for (std::size_t c = 0; c < row.size(); ++c) object[table.columns[c].key] = std::visit(ToJson{}, row[c]);
    rows.push_back(std::move(object));
  }
  const Json json = {{"name", table.name},      {"caption", table.caption}, {"columns", std::move(columns)},
                     {"rows", std::move(rows)}, {"notes", table.notes},     {"warnings", table.warnings}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_table(const Table& table, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  runtime::write_file(folder / (table.name + ".md"), to_markdown(table));
  runtime::write_file(folder / (table.name + ".csv"), to_csv(table));
  runtime::write_file(folder / (table.name + ".tex"), to_latex(table));
  runtime::write_file(folder / (table.name + ".json"), to_json(table));
}

void remove_table(const std::string& name, const std::filesystem::path& folder) {
  for (const char* ending : {".md", ".csv", ".tex", ".json"})
    std::filesystem::remove(folder / (name + ending));
}

}  // namespace chorale::eval
