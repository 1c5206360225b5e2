#include "ingest/catalogue/groups.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <optional>
#include <regex>

#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::catalogue {
namespace fs = std::filesystem;
namespace {

std::regex compile(const std::string& pattern) {
  try {
    std::regex regex(pattern);
    if (regex.mark_count() > 0) return regex;
  } catch (const std::regex_error& error) {
    throw CatalogueError(
        fmt::format("dataset.group_pattern: '{}' is no regular expression: {}", pattern, error.what()));
  }
  throw CatalogueError(
      fmt::format("dataset.group_pattern: '{}' captures nothing. Put parentheses around the part of "
                  "the path that names the group.",
                  pattern));
}

void group_by_pattern(std::span<Entry> entries, const std::string& pattern) {
  const std::regex regex = compile(pattern);
  std::vector<std::string> unmatched;
  for (Entry& entry : entries) {
    std::smatch match;
    if (std::regex_search(entry.track.path, match, regex) && match[1].length() > 0) {
      entry.track.group = match[1];
    } else {
      unmatched.push_back(entry.track.path);
    }
  }
  if (unmatched.empty()) return;
  const std::size_t count = unmatched.size();
  unmatched.resize(std::min(count, std::size_t{3}));
  throw CatalogueError(
      fmt::format("dataset.group_pattern: '{}' finds no group in {} of {} paths, among them {}.", pattern,
                  count, entries.size(), fmt::join(unmatched, ", ")));
}

fs::path metadata_file(const fs::path& metadata) {
  std::error_code error;
  if (!fs::is_directory(metadata, error)) return metadata;
  for (const char* name : {"ground_truth.csv", "metadata.csv"}) {
    if (fs::exists(metadata / name, error)) return metadata / name;
  }
  throw CatalogueError(metadata.string() +
                       ": holds neither ground_truth.csv nor metadata.csv. Give dataset.metadata "
                       "the CSV file itself.");
}

// How a metadata file may name a track, best first.
struct Key {
  const char* column;
  std::string (*of)(const dataset::Track&);
};
const Key kKeys[] = {
    {"path", [](const dataset::Track& track) { return track.path; }},
    {"filename", [](const dataset::Track& track) { return fs::path(track.path).filename().string(); }},
    {"id", [](const dataset::Track& track) { return track.id; }},
};

const Key& key_of(const dataset::Csv& table, const fs::path& file) {
  for (const Key& key : kKeys) {
    if (table.has(key.column)) return key;
  }
  throw CatalogueError(file.string() +
                       ": has none of the columns path, filename, id, which say whose artist it is");
}

std::map<std::string, std::string> artists_by_key(const dataset::Csv& table, const fs::path& file,
                                                  const Key& key) {
  std::map<std::string, std::string> artists;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto& name = table.at(row, key.column);
    const auto& artist = table.at(row, "artist");
    const auto [known, is_new] = artists.emplace(name, artist);
    if (!is_new && known->second != artist) {
      throw CatalogueError(
          fmt::format("{}: {} '{}' stands there twice, with the artists '{}' and '{}'; name "
                      "tracks by a column path, relative to dataset.root",
                      file.string(), key.column, name, known->second, artist));
    }
  }
  return artists;
}

void group_by_metadata(std::span<Entry> entries, const fs::path& metadata) {
  const fs::path file = metadata_file(metadata);
  const dataset::Csv table = dataset::Csv::read(file);
  const Key& key = key_of(table, file);
  const auto artists = artists_by_key(table, file, key);
  std::size_t unknown = 0;
  for (Entry& entry : entries) {
    const auto found = artists.find(key.of(entry.track));
    const bool known = found != artists.end() && !found->second.empty();
    entry.track.group = known ? found->second : entry.track.id;
    if (!known) ++unknown;
  }
  if (unknown == entries.size()) {
    throw CatalogueError(fmt::format("{}: its column '{}' names none of the {} tracks, such as '{}'",
                                     file.string(), key.column, entries.size(),
                                     key.of(entries.front().track)));
  }
  if (unknown > 0) {
    spdlog::warn("{}: {} of {} tracks have no artist; each is a group of its own", file.string(), unknown,
                 entries.size());
  }
}

}  // namespace

void assign_groups(std::span<Entry> entries, const config::Dataset& options) {
  switch (options.group) {
    case config::GroupKind::kTrack:
      for (Entry& entry : entries) entry.track.group = entry.track.id;
      return;
    case config::GroupKind::kPattern:
      return group_by_pattern(entries, options.group_pattern);
    case config::GroupKind::kArtist:
      const bool named =
          options.kind == config::DatasetKind::kFma || options.kind == config::DatasetKind::kManifest;
      if (!named && !options.metadata.empty()) group_by_metadata(entries, options.metadata);
      return;
  }
}

}  // namespace chorale::catalogue
