// RFC 4180: quoted fields, doubled quotes, embedded commas and newlines; CRLF or LF; UTF-8 with or without
// BOM.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::dataset {

struct CsvError : runtime::UsageError {
  using UsageError::UsageError;
};

// A table with one header line; columns are addressed by name. Empty lines are left out.
class Csv {
 public:
  // Throws CsvError with file and line: ragged row, stray or unterminated quote, a column twice, no header.
  static Csv read(const std::filesystem::path& path);
  static Csv parse(std::string_view text, const std::string& origin);

  std::size_t rows() const { return rows_.size(); }
  bool has(const std::string& column) const { return columns_.contains(column); }
  // Throws CsvError when the file lacks the column, and says which it has.
  const std::string& at(std::size_t row, const std::string& column) const;

 private:
  std::string origin_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// One field, quoted where it must be.
std::string csv_field(std::string_view value);

}  // namespace chorale::dataset
