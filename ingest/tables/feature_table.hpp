// A CSV table of features that another program computed: a column id, and a number in every other column.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/dataset/csv_reader.hpp"

namespace chorale::tables {

class FeatureTable {
 public:
  // Throws CsvError: no column id, no other column, a ragged row, an id twice, a field that is no finite
  // number.
  static FeatureTable read(dataset::CsvReader reader);

  const std::vector<std::string>& columns() const { return columns_; }  // without id
  // One number a column; empty when there is no such row.
  std::span<const float> row(const std::string& id) const;

 private:
  std::vector<std::string> columns_;
  std::unordered_map<std::string, std::size_t> rows_;
  std::vector<float> values_;  // [rows, columns]
};

}  // namespace chorale::tables
