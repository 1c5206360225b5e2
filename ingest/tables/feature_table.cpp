#include "ingest/tables/feature_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace chorale::tables {
namespace {

float number_in(std::string_view field, const std::string& column, const dataset::CsvReader& reader) {
  float value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(value)) {
    reader.fail(fmt::format("{}: found \"{}\", expected a number", column, field));
  }
  return value;
}

}  // namespace

FeatureTable FeatureTable::read(dataset::CsvReader reader) {
  FeatureTable table;
  if (!reader.next()) throw dataset::CsvError(reader.origin() + ": is empty");
  const std::vector<std::string> header(reader.fields().begin(), reader.fields().end());
  const auto id = std::find(header.begin(), header.end(), "id");
  if (id == header.end() || header.size() < 2)
    reader.fail("expected a column id, and features in the others");
  const auto id_place = static_cast<std::size_t>(id - header.begin());
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i != id_place) table.columns_.push_back(header[i]);
  }
  while (reader.next()) {
    const auto fields = reader.fields();
    if (fields.size() != header.size())
      reader.fail(fmt::format("the row has {} fields, the header {}", fields.size(), header.size()));
    if (!table.rows_.emplace(fields[id_place], table.rows_.size()).second)
      reader.fail(fmt::format("the id \"{}\" stands there twice", fields[id_place]));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i != id_place) table.values_.push_back(number_in(fields[i], header[i], reader));
    }
  }
  return table;
}

std::span<const float> FeatureTable::row(const std::string& id) const {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return {};
  return std::span(values_).subspan(found->second * columns_.size(), columns_.size());
}

}  // namespace chorale::tables
