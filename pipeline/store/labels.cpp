#include "pipeline/store/labels.hpp"

#include <cmath>
#include <limits>

namespace chorale::store {
namespace {

using dataset::Label;

constexpr std::int8_t kUnknown = -1;  // in every class of a track whose label is unknown

std::string column_of(const dataset::Task& schema) { return "/tracks/label_" + schema.name; }

template <class Value, class Of>
void write_each(Hdf5File& file, std::span<const StoredTrack> tracks, const std::string& column,
                std::size_t task, Of value_of) {
  std::vector<Value> values;
  values.reserve(tracks.size());
  for (const StoredTrack& row : tracks) values.push_back(value_of(row.track.labels.at(task)));
  file.write_column(column, std::span<const Value>(values));
}

void write_multi(Hdf5File& file, std::span<const StoredTrack> tracks, const std::string& column,
                 std::size_t task, std::size_t classes) {
  std::vector<std::int8_t> matrix(tracks.size() * classes);
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    const Label& label = tracks[t].track.labels.at(task);
    const auto row = std::span(matrix).subspan(t * classes, classes);
    if (!label.known) std::fill(row.begin(), row.end(), kUnknown);
    for (const std::int32_t index : label.classes) row[static_cast<std::size_t>(index)] = 1;
  }
  const std::uint64_t shape[] = {tracks.size(), classes};
  file.write_dataset(column, ElementType::kInt8, shape, matrix.data());
}

[[noreturn]] void refuse(const Hdf5File& file, const std::string& column, const char* why) {
  throw StoreError(file.path().string() + ": " + column + ": " + why);
}

template <class Value>
std::vector<Value> rows_for(const Hdf5File& file, std::vector<Value> values, const std::string& column,
                            std::size_t expected) {
  if (values.size() != expected) refuse(file, column, "has another number of elements than /tracks asks");
  return values;
}

void read_multi(const Hdf5File& file, std::span<StoredTrack> tracks, const std::string& column,
                std::size_t task, std::size_t classes) {
  const auto matrix = rows_for(file, file.read_matrix<std::int8_t>(column), column, tracks.size() * classes);
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    const auto row = std::span(matrix).subspan(t * classes, classes);
    Label& label = tracks[t].track.labels[task];
    label.known = classes > 0 && row.front() != kUnknown;
    for (std::size_t i = 0; label.known && i < classes; ++i) {
      if (row[i] != 0) label.classes.push_back(static_cast<std::int32_t>(i));
    }
  }
}

void read_single(const Hdf5File& file, std::span<StoredTrack> tracks, const std::string& column,
                 std::size_t task, std::size_t classes) {
  const auto values = rows_for(file, file.read_column<std::int32_t>(column), column, tracks.size());
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (values[t] >= static_cast<std::int32_t>(classes)) refuse(file, column, "names a class there is not");
    if (values[t] >= 0) tracks[t].track.labels[task] = Label::of_class(values[t]);
  }
}

}  // namespace

void write_labels(Hdf5File& file, std::span<const StoredTrack> tracks, const dataset::Task& schema,
                  std::size_t task) {
  const std::string column = column_of(schema);
  switch (schema.kind) {
    case config::TaskKind::kSingle:
    case config::TaskKind::kKey:
      return write_each<std::int32_t>(file, tracks, column, task, [](const Label& l) { return l.index(); });
    case config::TaskKind::kMulti:
      return write_multi(file, tracks, column, task, schema.classes.size());
    case config::TaskKind::kRegression:
      return write_each<float>(file, tracks, column, task, [](const Label& l) {
        return l.known ? l.value : std::numeric_limits<float>::quiet_NaN();
      });
  }
}

void read_labels(const Hdf5File& file, std::span<StoredTrack> tracks, const dataset::Task& schema,
                 std::size_t task) {
  const std::string column = column_of(schema);
  switch (schema.kind) {
    case config::TaskKind::kSingle:
    case config::TaskKind::kKey:
      return read_single(file, tracks, column, task, schema.classes.size());
    case config::TaskKind::kMulti:
      return read_multi(file, tracks, column, task, schema.classes.size());
    case config::TaskKind::kRegression: {
      const auto values = rows_for(file, file.read_column<float>(column), column, tracks.size());
      for (std::size_t t = 0; t < tracks.size(); ++t) {
        if (!std::isnan(values[t])) tracks[t].track.labels[task] = Label::of_value(values[t]);
      }
    }
  }
}

}  // namespace chorale::store
