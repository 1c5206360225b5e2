#include "pipeline/store/tables.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/store/labels.hpp"

namespace chorale::store {
namespace {

// A row type's columns: visit(name, field), where field(row) is a reference to the member.
template <class Visitor>
void visit_track_columns(Visitor&& visit) {
  visit(
      "id", [](auto& row) -> auto& { return row.track.id; });
  visit(
      "path", [](auto& row) -> auto& { return row.track.path; });
  visit(
      "group", [](auto& row) -> auto& { return row.track.group; });
  visit(
      "split", [](auto& row) -> auto& { return row.track.split; });
  visit(
      "variant", [](auto& row) -> auto& { return row.track.variant; });
  visit(
      "duration", [](auto& row) -> auto& { return row.duration; });
  visit(
      "source_rate", [](auto& row) -> auto& { return row.source_rate; });
  visit(
      "channels", [](auto& row) -> auto& { return row.channels; });
  visit(
      "source_xxh3", [](auto& row) -> auto& { return row.source_hash; });
  visit(
      "shard", [](auto& row) -> auto& { return row.shard; });
  visit(
      "frame_offset", [](auto& row) -> auto& { return row.frame_offset; });
  visit(
      "frame_count", [](auto& row) -> auto& { return row.frame_count; });
}

template <class Visitor>
void visit_quarantine_columns(Visitor&& visit) {
  visit(
      "path", [](auto& row) -> auto& { return row.path; });
  visit(
      "stage", [](auto& row) -> auto& { return row.stage; });
  visit(
      "reason", [](auto& row) -> auto& { return row.reason; });
}

template <class Visitor>
void visit_shard_columns(std::span<const Feature> features, Visitor&& visit) {
  visit(
      "name", [](auto& row) -> auto& { return row.name; });
  visit(
      "bytes", [](auto& row) -> auto& { return row.bytes; });
  visit(
      "catalogue_hash", [](auto& row) -> auto& { return row.catalogue_hash; });
  for (std::size_t i = 0; i < features.size(); ++i) {
    visit(
        features[i].name + "_offset", [i](auto& row) -> auto& { return row.features[i].offset; });
    visit(
        features[i].name + "_rows", [i](auto& row) -> auto& { return row.features[i].rows; });
    visit(
        features[i].name + "_xxh3", [i](auto& row) -> auto& { return row.features[i].checksum; });
  }
}

// Visitors.
template <class Row>
struct ColumnWriter {
  Hdf5File& file;
  std::string group;
  std::span<const Row> rows;

  template <class Field>
  void operator()(const std::string& name, Field field) const {
    using Value = std::remove_cvref_t<decltype(field(rows.front()))>;
    if constexpr (std::is_same_v<Value, std::string>) {
      const std::vector<std::string_view> values = collect<std::string_view>(field);
      file.write_text_column(group + "/" + name, values);
    } else {
      const std::vector<Value> values = collect<Value>(field);
      file.write_column(group + "/" + name, std::span<const Value>(values));
    }
  }

  template <class Value, class Field>
  std::vector<Value> collect(Field field) const {
    std::vector<Value> values(rows.size());
    std::transform(rows.begin(), rows.end(), values.begin(),
                   [&](const Row& row) { return Value(field(row)); });
    return values;
  }
};

template <class Row>
struct ColumnReader {
  const Hdf5File& file;
  std::string group;
  std::vector<Row>& rows;

  template <class Field>
  void operator()(const std::string& name, Field field) const {
    using Value = std::remove_cvref_t<decltype(field(rows.front()))>;
    const std::string column = group + "/" + name;
    if constexpr (std::is_same_v<Value, std::string>) {
      assign(column, file.read_text_column(column), field);
    } else {
      assign(column, file.read_column<Value>(column), field);
    }
  }

  template <class Value, class Field>
  void assign(const std::string& column, std::vector<Value> values, Field field) const {
    if (values.size() != rows.size()) {
      throw StoreError(file.path().string() + ": " + column + ": has " + std::to_string(values.size()) +
                       " rows where " + std::to_string(rows.size()) + " are expected");
    }
    for (std::size_t i = 0; i < rows.size(); ++i) field(rows[i]) = std::move(values[i]);
  }
};

std::size_t rows_of_table(const Hdf5File& file, const std::string& first_column) {
  const auto shape = file.place_of(first_column).shape;
  return shape.empty() ? 0 : shape.front();
}

// Names of this format, which stay as they are when the configuration's names change.
template <class Value, std::size_t n>
using Names = std::array<std::pair<Value, std::string_view>, n>;
constexpr Names<config::TaskKind, 4> kTaskKinds = {{{config::TaskKind::kSingle, "single"},
                                                    {config::TaskKind::kMulti, "multi"},
                                                    {config::TaskKind::kRegression, "regression"},
                                                    {config::TaskKind::kKey, "key"}}};
constexpr Names<FeatureKind, 3> kFeatureKinds = {
    {{FeatureKind::kFrames, "frames"}, {FeatureKind::kTrack, "track"}, {FeatureKind::kEvents, "events"}}};
constexpr Names<FeatureScale, 2> kScales = {
    {{FeatureScale::kLinear, "linear"}, {FeatureScale::kDecibel, "decibel"}}};
constexpr Names<config::StoreType, 2> kTypes = {
    {{config::StoreType::kHalf, "half"}, {config::StoreType::kFloat, "float"}}};

template <class Value, std::size_t n>
std::string name_of(const Names<Value, n>& names, Value value) {
  return std::string(std::ranges::find(names, value, [](const auto& entry) { return entry.first; })->second);
}

template <class Value, std::size_t n>
Value value_of(const Hdf5File& file, const Names<Value, n>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name, [](const auto& entry) { return entry.second; });
  if (found == names.end()) throw StoreError(file.path().string() + ": unknown name \"" + name + "\"");
  return found->first;
}

// Attributes that hold one text a feature.
constexpr const char* kFeatureLists[] = {"features", "feature_kinds", "feature_scales", "feature_types"};

void write_features(Hdf5File& file, std::span<const Feature> features) {
  std::array<std::vector<std::string>, 4> lists;
  for (const Feature& feature : features) {
    lists[0].push_back(feature.name);
    lists[1].push_back(name_of(kFeatureKinds, feature.kind));
    lists[2].push_back(name_of(kScales, feature.scale));
    lists[3].push_back(name_of(kTypes, feature.type));
    file.write_attribute("/", "width_" + feature.name, static_cast<std::int64_t>(feature.width));
    file.write_attribute("/", "columns_" + feature.name, feature.columns);
  }
  for (std::size_t i = 0; i < lists.size(); ++i) file.write_attribute("/", kFeatureLists[i], lists[i]);
}

std::vector<Feature> read_features(const Hdf5File& file) {
  std::array<std::vector<std::string>, 4> lists;
  for (std::size_t i = 0; i < lists.size(); ++i) lists[i] = file.text_list_attribute("/", kFeatureLists[i]);
  std::vector<Feature> features;
  for (std::size_t i = 0; i < lists[0].size(); ++i) {
    const std::string& name = lists[0][i];
    const auto width = file.integer_attribute("/", "width_" + name);
    if (width < 1) throw StoreError(file.path().string() + ": the width of " + name + " is not positive");
    features.push_back({.name = name,
                        .kind = value_of(file, kFeatureKinds, lists[1].at(i)),
                        .width = static_cast<std::size_t>(width),
                        .scale = value_of(file, kScales, lists[2].at(i)),
                        .type = value_of(file, kTypes, lists[3].at(i)),
                        .columns = file.text_list_attribute("/", "columns_" + name)});
  }
  return features;
}

}  // namespace

void write_header(Hdf5File& file, const std::string& kind, const StoreHeader& header) {
  file.write_attribute("/", "format_version", kFormatVersion);
  file.write_attribute("/", "kind", std::string_view(kind));
  file.write_attribute("/", "program_version", std::string_view(header.program_version));
  file.write_attribute("/", "decoder", std::string_view(header.decoder));
  file.write_attribute("/", "config", std::string_view(header.config_text));
  file.write_attribute("/", "config_hash", std::string_view(header.config_hash));
  write_features(file, header.features);
  std::vector<std::string> names, kinds;
  for (const auto& task : header.tasks) {
    names.push_back(task.name);
    kinds.push_back(name_of(kTaskKinds, task.kind));
    file.write_attribute("/", "classes_" + task.name, task.classes);
  }
  file.write_attribute("/", "tasks", names);
  file.write_attribute("/", "task_kinds", kinds);
}

StoreHeader read_header(const Hdf5File& file, const std::string& kind) {
  const auto version = file.integer_attribute("/", "format_version");
  if (version != kFormatVersion) {
    throw StoreMismatch(
        file.path().string() + ": its format version is " + std::to_string(version) +
        ", this program reads and writes " + std::to_string(kFormatVersion) +
        "; use the program that wrote it, or build the store anew (chorale ingest --rebuild)");
  }
  if (file.text_attribute("/", "kind") != kind)
    throw StoreError(file.path().string() + ": is not a store's " + kind);
  StoreHeader header;
  header.program_version = file.text_attribute("/", "program_version");
  header.decoder = file.text_attribute("/", "decoder");
  header.config_text = file.text_attribute("/", "config");
  header.config_hash = file.text_attribute("/", "config_hash");
  header.features = read_features(file);
  const auto names = file.text_list_attribute("/", "tasks");
  const auto kinds = file.text_list_attribute("/", "task_kinds");
  for (std::size_t i = 0; i < names.size(); ++i) {
    header.tasks.push_back({.name = names[i],
                            .kind = value_of(file, kTaskKinds, kinds.at(i)),
                            .classes = file.text_list_attribute("/", "classes_" + names[i])});
  }
  return header;
}

bool same_tasks(const StoreHeader& a, const StoreHeader& b) {
  return std::equal(a.tasks.begin(), a.tasks.end(), b.tasks.begin(), b.tasks.end(),
                    [](const dataset::Task& x, const dataset::Task& y) {
                      return x.name == y.name && x.kind == y.kind && x.classes == y.classes;
                    });
}

void write_tracks(Hdf5File& file, std::span<const StoredTrack> tracks,
                  const std::vector<dataset::Task>& tasks) {
  file.create_group("/tracks");
  visit_track_columns(ColumnWriter<StoredTrack>{file, "/tracks", tracks});
  for (std::size_t task = 0; task < tasks.size(); ++task) write_labels(file, tracks, tasks[task], task);
}

std::vector<StoredTrack> read_tracks(const Hdf5File& file, const std::vector<dataset::Task>& tasks) {
  std::vector<StoredTrack> tracks(rows_of_table(file, "/tracks/id"));
  visit_track_columns(ColumnReader<StoredTrack>{file, "/tracks", tracks});
  for (StoredTrack& row : tracks) row.track.labels.resize(tasks.size());
  for (std::size_t task = 0; task < tasks.size(); ++task) read_labels(file, tracks, tasks[task], task);
  return tracks;
}

void write_quarantine(Hdf5File& file, std::span<const QuarantineRow> rows) {
  file.create_group("/quarantine");
  visit_quarantine_columns(ColumnWriter<QuarantineRow>{file, "/quarantine", rows});
}

std::vector<QuarantineRow> read_quarantine(const Hdf5File& file) {
  std::vector<QuarantineRow> rows(rows_of_table(file, "/quarantine/path"));
  visit_quarantine_columns(ColumnReader<QuarantineRow>{file, "/quarantine", rows});
  return rows;
}

void write_shards(Hdf5File& file, std::span<const Feature> features, std::span<const ShardPlace> shards) {
  file.create_group("/shards");
  visit_shard_columns(features, ColumnWriter<ShardPlace>{file, "/shards", shards});
}

std::vector<ShardPlace> read_shards(const Hdf5File& file, std::span<const Feature> features) {
  std::vector<ShardPlace> shards(rows_of_table(file, "/shards/name"));
  for (ShardPlace& shard : shards) shard.features.resize(features.size());
  visit_shard_columns(features, ColumnReader<ShardPlace>{file, "/shards", shards});
  return shards;
}

void save(Hdf5File& file, const std::filesystem::path& path) {
  try {
    runtime::write_file(path, file.finish());
  } catch (const runtime::FileError& error) {
    throw StoreError(
        std::string(error.what()) +
        "; free space or choose another store.path, then run the same command again: finished shards "
        "are kept");
  }
}

}  // namespace chorale::store
