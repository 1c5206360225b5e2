// One table, many formats: what a result table holds, without a word on how it is written down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace chorale::eval {

// A real number and the digits after the point that a reader is shown. Files for machines get all of them.
struct Number {
  double value = 0;
  int digits = 3;
  bool is_p = false;  // of a test: above 0, so what would look like 0 is "< 0.0001"
};

// Mean and sample standard deviation (n - 1) of n values; no deviation for n = 1.
struct MeanStd {
  double mean = 0;
  std::optional<double> std = {};
  std::int64_t n = 1;
  int digits = 3;
};

// From low to high, such as a confidence interval.
struct Range {
  double low = 0, high = 0;
  int digits = 3;
};

// std::monostate: there is no value.
using Cell = std::variant<std::monostate, std::string, std::int64_t, Number, MeanStd, Range>;

struct Column {
  std::string key;         // for machines: "macro_f1"
  std::string header;      // for readers: "macro F1"
  std::string group = {};  // stands once above neighbours that share it: "slices of 3 s"
};

struct Table {
  std::string name;  // file name without extension, LaTeX label
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows = {};  // each as long as `columns`
  std::vector<std::string> notes = {};       // below the table; left out of CSV
  std::vector<std::string> warnings = {};    // below the table in bold; in CSV a last column, "warning"

  // Throws std::logic_error when the row's length is not that of `columns`.
  void add(std::vector<Cell> row);
  // Numbers stand to the right; a column is text when any of its cells is.
  bool is_text(std::size_t column) const;

  // Neighbouring columns of one group.
  struct Span {
    std::string group;  // empty: of none
    std::size_t first = 0, count = 0;
  };
  // In order, all columns; empty when no column is of a group.
  std::vector<Span> spans() const;
};

// "slices of 3 s: accuracy", where there is but one line for the header.
std::string full_header(const Column& column);

// As a reader sees it, before the escaping of a format: "0.712 ± 0.031", "–" for no value.
std::string text_of(const Cell& cell);

// No value for none.
Cell optional_number(const std::optional<double>& value, int digits = 3);

// Mean and deviation of some values; no value for none.
Cell mean_std(const std::vector<double>& values, int digits = 3);

}  // namespace chorale::eval
