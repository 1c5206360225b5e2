// RFC 4180, one record at a time: quoted fields, doubled quotes, embedded commas and newlines; CRLF or LF;
// UTF-8 with or without byte order mark. Memory does not depend on the length of the file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::dataset {

struct CsvError : runtime::UsageError {
  using UsageError::UsageError;
};

class CsvReader {
 public:
  // Fills the front of the span and returns how many bytes it wrote; 0 at the end, and only there.
  using Source = std::function<std::size_t(std::span<char>)>;

  // `origin` is how messages name the text.
  CsvReader(Source source, std::string origin);
  CsvReader(CsvReader&&) = default;
  CsvReader& operator=(CsvReader&&) = default;
  // Throws CsvError: no such file, or one that can't be read.
  static CsvReader of_file(const std::filesystem::path& path);
  // `text` must outlive the reader.
  static CsvReader of_text(std::string_view text, std::string origin);

  // Moves to the next record; empty lines are left out. False at the end. Throws CsvError with file and line:
  // a stray or unterminated quote, a null byte, a record of more than 64 MiB.
  bool next();

  // Of the current record, until the next call of next().
  std::span<const std::string_view> fields() const { return fields_; }
  std::size_t line() const { return record_line_; }  // its first line, from 1

  // "ORIGIN:LINE: what" for the current record.
  [[noreturn]] void fail(const std::string& what) const { fail_at(record_line_, what); }
  const std::string& origin() const { return origin_; }

 private:
  enum class Attempt { kRecord, kNeedsMore };
  Attempt parse_record();
  const char* plain_field(const char* at);
  const char* quoted_field(const char* at);
  bool at_line_end(const char* at) const;
  void refill();
  [[noreturn]] void fail_at(std::size_t line, const std::string& what) const;

  Source source_;
  std::string origin_;
  std::vector<char> buffer_;
  const char* begin_ = nullptr;  // of what has not been parsed
  const char* end_ = nullptr;    // of what has been read
  bool exhausted_ = false;       // the source is
  std::size_t line_ = 1;         // of begin_
  std::size_t lines_ = 0;        // line ends in the record being parsed
  std::size_t record_line_ = 1;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> doubled_;  // fields with doubled quotes
};

}  // namespace chorale::dataset
