#include "pipeline/dataset/csv.hpp"

#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace chorale::dataset {

Csv Csv::read(const std::filesystem::path& path) { return Csv(CsvReader::of_file(path)); }

Csv Csv::parse(std::string_view text, const std::string& origin) {
  return Csv(CsvReader::of_text(text, origin));
}

Csv::Csv(CsvReader reader) : origin_(reader.origin()), ends_{0} {
  if (!reader.next()) throw CsvError(origin_ + ":1: there is no header line");
  for (const std::string_view name : reader.fields()) {
    if (!columns_.emplace(name, columns_.size()).second)
      reader.fail("two columns are named \"" + std::string(name) + "\"");
  }
  while (reader.next()) {
    if (reader.fields().size() != columns_.size()) {
      reader.fail("the row has " + std::to_string(reader.fields().size()) + " fields, the header " +
                  std::to_string(columns_.size()));
    }
    for (const std::string_view field : reader.fields()) {
      text_ += field;
      ends_.push_back(text_.size());
    }
  }
}

std::string Csv::at(std::size_t row, std::string_view column) const {
  const auto found = columns_.find(column);
  if (found == columns_.end()) {
    std::string names;
    for (const auto& [name, index] : columns_) names += (names.empty() ? "" : ", ") + name;
    throw CsvError(origin_ + ": has no column \"" + std::string(column) + "\"; it has " + names);
  }
  if (row >= rows()) throw std::out_of_range(origin_ + ": no row " + std::to_string(row));
  const std::size_t field = row * columns_.size() + found->second;
  return text_.substr(ends_[field], ends_[field + 1] - ends_[field]);
}

double Csv::number_at(std::size_t row, std::string_view column) const {
  const std::string text = at(row, column);
  if (text.empty()) return std::nan("");
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end == '\0') return value;
  throw CsvError(origin_ + ": row " + std::to_string(row + 1) + ": " + std::string(column) +
                 " is not a number: '" + text + "'");
}

std::string csv_field(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string field = "\"";
  for (const char c : value) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

}  // namespace chorale::dataset
