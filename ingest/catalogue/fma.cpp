#include "ingest/catalogue/fma.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "ingest/catalogue/field.hpp"
#include "ingest/catalogue/fma_labels.hpp"
#include "ingest/catalogue/table_file.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::catalogue {
namespace {

// The id in "000/000002.mp3": at least six digits in the folder of the first three.
std::optional<std::uint32_t> clip_id(std::string_view path) {
  constexpr std::string_view kExtension = ".mp3";
  if (!path.ends_with(kExtension)) return std::nullopt;
  path.remove_suffix(kExtension.size());
  if (path.size() < 10 || path[3] != '/' || path.substr(0, 3) != path.substr(4, 3)) return std::nullopt;
  const bool digits = std::all_of(path.begin() + 4, path.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? number_in<std::uint32_t>(path.substr(4)) : std::nullopt;
}

// What stands before NNN/NNNNNN.mp3: nothing, or one folder.
std::string_view folder_of_clips(std::string_view path) {
  const std::size_t first = path.find('/');
  if (first == std::string_view::npos || clip_id(path)) return "";
  return path.substr(0, first + 1);
}

struct Clips {
  std::string folder;  // "fma_small/", or nothing
  std::unordered_map<std::uint32_t, const tree::Entry*> by_id;
  std::vector<const tree::Entry*> misplaced;
};

std::string choose_folder(const std::set<std::string_view>& folders, const config::Dataset& options) {
  if (folders.empty())
    throw CatalogueError(
        fmt::format("{}: no clip lies there as 000/000002.mp3, directly or below one folder", options.root));
  std::string own = "fma_" + options.subset + "/";
  if (folders.contains(own)) return own;
  if (folders.size() == 1) return std::string(*folders.begin());
  throw CatalogueError(
      fmt::format("{0}: clips lie in several folders ({1}). Set dataset.root to one of them, as {0}/{2}",
                  options.root, fmt::join(folders, ", "), *folders.rbegin()));
}

Clips find_clips(const config::Dataset& options, const tree::Listing& listing) {
  std::set<std::string_view> folders;
  for (const auto& file : listing.files) {
    const std::string_view path = file.path, folder = folder_of_clips(path);
    if (clip_id(path.substr(folder.size()))) folders.insert(folder);
  }
  Clips clips;
  const std::string& folder = clips.folder = choose_folder(folders, options);
  clips.by_id.reserve(listing.files.size());
  for (const auto& file : listing.files) {
    if (!file.path.starts_with(folder) || !tree::has_audio_extension(file.path)) continue;
    const auto id = clip_id(std::string_view(file.path).substr(folder.size()));
    if (!id || !clips.by_id.emplace(*id, &file).second) clips.misplaced.push_back(&file);
  }
  return clips;
}

// tracks.csv and genres.csv, side by side.
struct Metadata {
  dataset::CsvReader tracks, genres;
};

Metadata open_metadata(const config::Dataset& options, const tree::Tree& tree, const tree::Listing& listing) {
  if (!options.metadata.empty()) {
    const auto other = tree::Tree::open_root(options.metadata, kLargestTable);
    config::Dataset within = options;
    within.root = std::exchange(within.metadata, "");
    return open_metadata(within, *other, other->list());
  }
  for (const auto& file : listing.files) {
    const std::size_t name = file.path.rfind('/') + 1;
    if (std::string_view(file.path).substr(name) != "tracks.csv") continue;
    const auto genres = std::find_if(listing.files.begin(), listing.files.end(), [&](const auto& other) {
      return other.path == file.path.substr(0, name) + "genres.csv";
    });
    if (genres == listing.files.end()) continue;
    const auto reader = [&](const tree::Entry& table) {
      const std::string origin = options.root + "/" + table.path;
      return csv_reader(open_table(tree, table, origin), origin);
    };
    return {reader(file), reader(*genres)};
  }
  throw CatalogueError(
      fmt::format("{}: tracks.csv and genres.csv are not there. Set dataset.metadata to the folder or "
                  "archive that holds them "
                  "(fma_metadata, fma_metadata.zip).",
                  options.root));
}

class Reading {
 public:
  Reading(const config::Dataset& options, const tree::Tree& tree, const tree::Listing& listing)
      : options_(options),
        subset_(fma_subset(options.subset)),
        clips_(find_clips(options, listing)),
        metadata_(open_metadata(options, tree, listing)),
        genres_(GenreTree::read(std::move(metadata_.genres))),
        labels_(options, genres_) {}

  Catalogue run() {
    FmaTracks tracks(std::move(metadata_.tracks), clips_.by_id.size());
    catalogue_.entries.reserve(clips_.by_id.size());
    for (FmaRow row; tracks.next(row);) add(row);
    tracks.problems().check();
    refuse_clips_without_metadata();
    catalogue_.tasks = labels_.finish(catalogue_.entries);
    report();
    return std::move(catalogue_);
  }

 private:
  void add(const FmaRow& row) {
    const auto clip = clips_.by_id.find(row.id);
    const tree::Entry* const file = clip == clips_.by_id.end() ? nullptr : clip->second;
    if (file != nullptr) clips_.by_id.erase(clip);
    if (row.subset > subset_) {
      others_ += file != nullptr ? 1 : 0;
      return;
    }
    const std::string id = fmt::format("{:06}", row.id);
    if (file == nullptr) {
      ++without_clip_;
      return refuse(clips_.folder + id.substr(0, 3) + "/" + id + ".mp3",
                    "tracks.csv names this track, but there is no such file");
    }
    Entry entry;
    if (const auto wrong = labels_.read(row, entry.track.labels)) {
      ++outside_;
      return refuse(file->path, *wrong);
    }
    entry.track.id = id;
    entry.track.path = file->path;
    entry.track.split = row.split;
    if (options_.group == config::GroupKind::kArtist)
      entry.track.group = row.artist.empty() ? id : std::string(row.artist);
    entry.bytes = file->bytes;
    entry.place = file->place;
    catalogue_.entries.push_back(std::move(entry));
  }

  void refuse_clips_without_metadata() {
    std::vector<std::string> paths;
    for (const auto& [id, file] : clips_.by_id) paths.push_back(file->path);
    std::sort(paths.begin(), paths.end());
    for (auto& path : paths) refuse(std::move(path), "tracks.csv does not name this clip");
    for (const auto* file : clips_.misplaced) refuse(file->path, "does not lie as 000/000002.mp3");
  }

  void refuse(std::string path, std::string reason) {
    catalogue_.refused.push_back({std::move(path), kStage, std::move(reason)});
  }

  void report() const {
    const std::size_t unnamed = clips_.by_id.size() + clips_.misplaced.size();
    spdlog::info("{}: {} tracks of FMA {}; {} clips of larger subsets left out", options_.root,
                 catalogue_.entries.size(), options_.subset, others_);
    if (without_clip_ + unnamed + outside_ == 0) return;
    spdlog::warn(
        "{}: {} tracks without a clip, {} clips without metadata, {} tracks with genres that genres.csv does "
        "not name: "
        "all are in the quarantine",
        options_.root, without_clip_, unnamed, outside_);
  }

  const config::Dataset& options_;
  FmaSubset subset_;
  Clips clips_;
  Metadata metadata_;
  GenreTree genres_;
  FmaLabels labels_;
  Catalogue catalogue_;
  std::size_t others_ = 0, without_clip_ = 0, outside_ = 0;
};

}  // namespace

Catalogue read_fma(const config::Dataset& options, const tree::Tree& tree, const tree::Listing& listing) {
  return Reading(options, tree, listing).run();
}

}  // namespace chorale::catalogue
