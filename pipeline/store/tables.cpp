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
  visit(
      "mel_max", [](auto& row) -> auto& { return row.mel_max; });
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
void visit_shard_columns(Visitor&& visit) {
  visit(
      "name", [](auto& row) -> auto& { return row.name; });
  visit(
      "bytes", [](auto& row) -> auto& { return row.bytes; });
  visit(
      "catalogue_hash", [](auto& row) -> auto& { return row.catalogue_hash; });
  visit(
      "mel_offset", [](auto& row) -> auto& { return row.mel_offset; });
  visit(
      "mel_frames", [](auto& row) -> auto& { return row.mel_frames; });
  visit(
      "mel_xxh3", [](auto& row) -> auto& { return row.mel_checksum; });
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
constexpr std::array<std::pair<config::TaskKind, std::string_view>, 4> kTaskKinds = {{
    {config::TaskKind::kSingle, "single"},
    {config::TaskKind::kMulti, "multi"},
    {config::TaskKind::kRegression, "regression"},
    {config::TaskKind::kKey, "key"},
}};

std::string name_of(config::TaskKind kind) {
  return std::string(
      std::ranges::find(kTaskKinds, kind, [](const auto& entry) { return entry.first; })->second);
}

config::TaskKind task_kind(const Hdf5File& file, const std::string& name) {
  const auto* found = std::ranges::find(kTaskKinds, name, [](const auto& entry) { return entry.second; });
  if (found == kTaskKinds.end()) {
    throw StoreError(file.path().string() + ": unknown kind of task \"" + name + "\"");
  }
  return found->first;
}

}  // namespace

void write_header(Hdf5File& file, const std::string& kind, const StoreHeader& header) {
  file.write_attribute("/", "format_version", kFormatVersion);
  file.write_attribute("/", "kind", std::string_view(kind));
  file.write_attribute("/", "program_version", std::string_view(header.program_version));
  file.write_attribute("/", "decoder", std::string_view(header.decoder));
  file.write_attribute("/", "config", std::string_view(header.config_text));
  file.write_attribute("/", "config_hash", std::string_view(header.config_hash));
  file.write_attribute("/", "mel_bins", static_cast<std::int64_t>(header.mel_bins));
  file.write_attribute("/", "mel_type",
                       std::string_view(header.dtype == config::StoreType::kHalf ? "half" : "float"));
  std::vector<std::string> names, kinds;
  for (const auto& task : header.tasks) {
    names.push_back(task.name);
    kinds.push_back(name_of(task.kind));
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
  header.mel_bins = static_cast<std::size_t>(file.integer_attribute("/", "mel_bins"));
  header.dtype =
      file.text_attribute("/", "mel_type") == "half" ? config::StoreType::kHalf : config::StoreType::kFloat;
  const auto names = file.text_list_attribute("/", "tasks");
  const auto kinds = file.text_list_attribute("/", "task_kinds");
  for (std::size_t i = 0; i < names.size(); ++i) {
    header.tasks.push_back({.name = names[i],
                            .kind = task_kind(file, kinds.at(i)),
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

void write_shards(Hdf5File& file, std::span<const ShardPlace> shards) {
  file.create_group("/shards");
  visit_shard_columns(ColumnWriter<ShardPlace>{file, "/shards", shards});
}

std::vector<ShardPlace> read_shards(const Hdf5File& file) {
  std::vector<ShardPlace> shards(rows_of_table(file, "/shards/name"));
  visit_shard_columns(ColumnReader<ShardPlace>{file, "/shards", shards});
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
