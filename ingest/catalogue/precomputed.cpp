#include "ingest/catalogue/precomputed.hpp"

#include <fmt/format.h>

#include "ingest/catalogue/field.hpp"
#include "ingest/catalogue/table_file.hpp"
#include "ingest/tables/npy.hpp"

namespace chorale::catalogue {
namespace {

constexpr std::string_view kPrefix = "feature.";

tables::Matrix read_npy(const tree::Tree& tree, const tree::Entry& file) {
  const auto stream = tree.open(file);
  std::string bytes(stream->size(), '\0');
  bytes.resize(stream->read_at(0, std::as_writable_bytes(std::span(bytes))));
  return tables::parse_npy(bytes);
}

// The width of the first file that can be read; those that cannot are left to ingest, which quarantines them.
template <class FileOf>
std::size_t first_width(const tree::Tree& tree, const std::vector<Entry>& entries, const FileOf& file_of) {
  std::string why = "there is none";
  for (const Entry& entry : entries) {
    const tree::Entry file = file_of(entry);
    try {
      return read_npy(tree, file).columns;
    } catch (const runtime::Error& error) {
      why = file.path + ": " + error.what();
    }
  }
  throw CatalogueError("none of the .npy files that the manifest names can be read; the last: " + why);
}

}  // namespace

PrecomputedColumns::PrecomputedColumns(const std::vector<std::string>& names, const tree::Tree& tree,
                                       Problems& problems)
    : tree_(tree), problems_(problems) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == "spectrogram") spectrogram_ = i;
    if (names[i] == "features") features_ = i;
    if (names[i].starts_with(kPrefix)) numbers_.emplace_back(i, names[i].substr(kPrefix.size()));
  }
  if (features_ && !numbers_.empty())
    problems_.add("has both a column features and columns feature.NAME; use one kind");
}

bool PrecomputedColumns::read(const Records& records, FileFinder& files, Entry& entry,
                              std::vector<Refused>& refused) {
  if (!read_numbers(records, entry)) return false;
  if (spectrogram_) {
    const auto* const file = find(records.fields()[*spectrogram_], records, files, refused);
    if (file == nullptr) return false;
    entry.track.path = file->path;
    entry.bytes = file->bytes;
    entry.place = file->place;
  }
  return !features_ || read_features(records.fields()[*features_], records, files, entry, refused);
}

bool PrecomputedColumns::read_numbers(const Records& records, Entry& entry) {
  for (const auto& [place, name] : numbers_) {
    const auto value = number_in<float>(records.fields()[place]);
    if (!value) {
      problems_.add(records.line(), fmt::format("feature.{}: found \"{}\", expected a number", name,
                                                records.fields()[place]));
      return false;
    }
    entry.features.push_back(*value);
  }
  return true;
}

bool PrecomputedColumns::read_features(std::string_view path, const Records& records, FileFinder& files,
                                       Entry& entry, std::vector<Refused>& refused) {
  const auto* const file = find(path, records, files, refused);
  if (file == nullptr) return false;
  if (path.ends_with(".csv")) {
    const auto row = table(*file)->row(entry.track.id);
    entry.features.assign(row.begin(), row.end());
    if (!row.empty()) return true;
    refused.push_back({entry.track.id, kStage, fmt::format("{} has no row for this id", path)});
    return false;
  }
  if (spectrogram_) {
    entry.features_file = *file;
  } else {
    entry.track.path = file->path;
    entry.bytes = file->bytes;
    entry.place = file->place;
  }
  return true;
}

const tree::Entry* PrecomputedColumns::find(std::string_view path, const Records& records, FileFinder& files,
                                            std::vector<Refused>& refused) {
  if (const char* const fault = fault_of(path)) {
    problems_.add(records.line(), fmt::format("{}: \"{}\"", fault, path));
    return nullptr;
  }
  path.remove_prefix(path.starts_with("./") ? 2 : 0);
  const auto* const file = files.find(path);
  if (file == nullptr)
    refused.push_back({std::string(path), kStage, "the manifest names this file, but it is not there"});
  return file;
}

const tables::FeatureTable* PrecomputedColumns::table(const tree::Entry& file) {
  auto known = tables_.find(file.path);
  if (known == tables_.end()) {
    auto read = tables::FeatureTable::read(csv_reader(open_table(tree_, file, file.path), file.path));
    if (!tables_.empty() && tables_.begin()->second.columns() != read.columns())
      throw CatalogueError(
          fmt::format("{} and {} have other columns; all tables of features must have the same",
                      tables_.begin()->first, file.path));
    known = tables_.emplace(file.path, std::move(read)).first;
  }
  return &known->second;
}

std::optional<Precomputed> PrecomputedColumns::describe(const std::vector<Entry>& entries) const {
  if (!any() || entries.empty()) return std::nullopt;
  Precomputed result;
  if (spectrogram_) {
    result.bins = first_width(tree_, entries, [](const Entry& entry) {
      return tree::Entry{entry.track.path, entry.bytes, entry.place};
    });
  }
  for (const auto& [place, name] : numbers_) result.columns.push_back(name);
  if (!tables_.empty()) result.columns = tables_.begin()->second.columns();
  result.width = result.columns.size();
  if (features_ && tables_.empty()) {
    result.width = first_width(tree_, entries, [&](const Entry& entry) {
      return spectrogram_ ? entry.features_file : tree::Entry{entry.track.path, entry.bytes, entry.place};
    });
  }
  return result;
}

}  // namespace chorale::catalogue
