#include "ingest/catalogue/precomputed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/catalogue/field.hpp"
#include "ingest/catalogue/table_file.hpp"
#include "ingest/tables/npy.hpp"
#include "pipeline/runtime/hash.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::catalogue {
namespace {

constexpr std::string_view kPrefix = "feature.";

tables::Matrix read_npy(const tree::Tree& tree, const tree::Entry& file) {
  const auto stream = tree.open(file);
  std::string bytes(stream->size(), '\0');
  bytes.resize(stream->read_at(0, std::as_writable_bytes(std::span(bytes))));
  return tables::parse_npy(bytes);
}

constexpr std::size_t kAsked = 100;

// The width that most of the first files have, of equally frequent ones that of the earliest file. Files that
// cannot be read are left to ingest, which quarantines them.
template <class FileOf>
std::size_t usual_width(const tree::Tree& tree, const std::vector<Entry>& entries, const FileOf& file_of) {
  std::string why = "there is none";
  std::vector<std::pair<std::size_t, std::size_t>> widths;  // and how many files have each
  std::size_t asked = 0;
  for (const Entry& entry : entries) {
    if (asked == kAsked) break;
    const tree::Entry file = file_of(entry);
    try {
      const std::size_t width = read_npy(tree, file).columns;
      const auto known =
          std::find_if(widths.begin(), widths.end(), [&](const auto& other) { return other.first == width; });
      ++(known == widths.end() ? widths.emplace_back(width, 0) : *known).second;
      ++asked;
    } catch (const runtime::Error& error) {
      why = file.path + ": " + error.what();
    }
  }
  if (asked > 0) {
    return std::max_element(widths.begin(), widths.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
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
    result.bins = usual_width(tree_, entries, [](const Entry& entry) {
      return tree::Entry{entry.track.path, entry.bytes, entry.place};
    });
  }
  for (const auto& [place, name] : numbers_) result.columns.push_back(name);
  if (!tables_.empty()) result.columns = tables_.begin()->second.columns();
  result.width = result.columns.size();
  if (features_ && tables_.empty()) {
    result.width = usual_width(tree_, entries, [&](const Entry& entry) {
      return spectrogram_ ? entry.features_file : tree::Entry{entry.track.path, entry.bytes, entry.place};
    });
  }
  return result;
}

std::vector<tree::Entry> array_files(const Precomputed& precomputed, const Entry& entry) {
  std::vector<tree::Entry> files;
  const bool beside = !entry.features_file.path.empty();
  const bool vector = precomputed.width > 0 && entry.features.empty();
  if (precomputed.bins > 0 || (vector && !beside))
    files.push_back({entry.track.path, entry.bytes, entry.place});
  if (beside) files.push_back(entry.features_file);
  return files;
}

void hash_arrays(const tree::Tree& tree, const Precomputed& precomputed, std::span<Entry> entries) {
  const auto has_arrays = [&](const Entry& entry) { return !array_files(precomputed, entry).empty(); };
  if (std::none_of(entries.begin(), entries.end(), has_arrays)) return;
  spdlog::info("reading the arrays of {} tracks, to tell whether they have changed", entries.size());
  for (Entry& entry : entries) {
    std::string hashes;
    for (const tree::Entry& file : array_files(precomputed, entry)) {
      try {
        hashes += runtime::hex(tree::content_hash(*tree.open(file)));
      } catch (const runtime::Error&) {
        hashes += "unreadable";  // ingest says why
      }
    }
    if (!hashes.empty()) entry.arrays_hash = runtime::xxh3(hashes.data(), hashes.size());
  }
}

}  // namespace chorale::catalogue
