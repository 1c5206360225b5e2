#include "pipeline/dataset/csv.hpp"

#include <algorithm>

#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::dataset {
namespace {

using Row = std::vector<std::string>;

// Reads records off a text and counts its lines.
class Scanner {
 public:
  Scanner(std::string_view text, const std::string& origin) : rest_(text), origin_(origin) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  }

  bool done() const { return rest_.empty(); }
  std::size_t line() const { return line_; }  // of the next character

  // The next record; empty for an empty line.
  Row record() {
    Row row;
    if (end_of_line()) return row;
    do {
      row.push_back(rest_.starts_with('"') ? quoted_field() : plain_field());
    } while (take(','));
    if (!rest_.empty() && !end_of_line()) fail(line_, "there is text after a closing quote");
    return row;
  }

  [[noreturn]] void fail(std::size_t line, const std::string& what) const {
    throw CsvError(origin_ + ":" + std::to_string(line) + ": " + what);
  }

 private:
  bool take(char expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool end_of_line() {
    if (!rest_.starts_with('\n') && !rest_.starts_with("\r\n")) return false;
    rest_.remove_prefix(rest_.front() == '\r' ? 2 : 1);
    ++line_;
    return true;
  }

  std::string plain_field() {
    std::size_t length = std::min(rest_.find_first_of(",\n"), rest_.size());
    if (length > 0 && rest_.substr(length).starts_with('\n') && rest_[length - 1] == '\r') --length;
    const std::string field(rest_.substr(0, length));
    if (field.find('"') != std::string::npos) {
      fail(line_,
           "a quote inside the field " + field + "; put the whole field in quotes and double those inside");
    }
    rest_.remove_prefix(length);
    return field;
  }

  std::string quoted_field() {
    const std::size_t first_line = line_;
    std::string field;
    rest_.remove_prefix(1);
    while (true) {
      const std::size_t length = rest_.find('"');
      if (length == std::string_view::npos) fail(first_line, "a quoted field has no closing quote");
      const std::string_view part = rest_.substr(0, length);
      line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
      field += part;
      rest_.remove_prefix(length + 1);
      if (!take('"')) return field;
      field += '"';
    }
  }

  std::string_view rest_;
  const std::string& origin_;
  std::size_t line_ = 1;
};

}  // namespace

Csv Csv::read(const std::filesystem::path& path) {
  try {
    return parse(runtime::read_file(path), path.string());
  } catch (const runtime::FileError& error) {
    throw CsvError(error.what());
  }
}

Csv Csv::parse(std::string_view text, const std::string& origin) {
  Csv csv;
  csv.origin_ = origin;
  Scanner scanner(text, origin);
  while (!scanner.done()) {
    const std::size_t line = scanner.line();
    Row row = scanner.record();
    if (row.empty()) continue;
    if (csv.columns_.empty()) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (!csv.columns_.emplace(row[i], i).second)
          scanner.fail(line, "two columns are named \"" + row[i] + "\"");
      }
    } else if (row.size() != csv.columns_.size()) {
      scanner.fail(line, "the row has " + std::to_string(row.size()) + " fields, the header " +
                             std::to_string(csv.columns_.size()));
    } else {
      csv.rows_.push_back(std::move(row));
    }
  }
  if (csv.columns_.empty()) scanner.fail(1, "there is no header line");
  return csv;
}

const std::string& Csv::at(std::size_t row, const std::string& column) const {
  const auto found = columns_.find(column);
  if (found == columns_.end()) {
    std::string names;
    for (const auto& [name, index] : columns_) names += (names.empty() ? "" : ", ") + name;
    throw CsvError(origin_ + ": has no column \"" + column + "\"; it has " + names);
  }
  return rows_.at(row)[found->second];
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
