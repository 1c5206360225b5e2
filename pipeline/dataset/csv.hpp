// A whole CSV file as a table (docs of the grammar: csv_reader.hpp), and the writing of fields.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/dataset/csv_reader.hpp"

namespace chorale::dataset {

// A table with one header line; columns are addressed by name. For what fits well into memory: a large file
// is read record by record instead.
class Csv {
 public:
  // Throws CsvError with file and line: what CsvReader does, a ragged row, a column twice, no header.
  static Csv read(const std::filesystem::path& path);
  static Csv parse(std::string_view text, const std::string& origin);

  std::size_t rows() const { return columns_.empty() ? 0 : (ends_.size() - 1) / columns_.size(); }
  bool has(std::string_view column) const { return columns_.contains(column); }
  // Throws CsvError when the file lacks the column, and says which it has.
  std::string at(std::size_t row, std::string_view column) const;
  // NaN where the field is empty. Throws CsvError when it is no number, and as at().
  double number_at(std::size_t row, std::string_view column) const;

 private:
  explicit Csv(CsvReader reader);

  std::string origin_;
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::string text_;               // of all fields, row after row
  std::vector<std::size_t> ends_;  // field i is text_[ends_[i], ends_[i + 1])
};

// One field, quoted where it must be.
std::string csv_field(std::string_view value);

}  // namespace chorale::dataset
