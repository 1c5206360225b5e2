#include "ingest/catalogue/layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <regex>
#include <set>
#include <span>

#include "ingest/catalogue/error.hpp"
#include "ingest/catalogue/field.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::catalogue {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kExamples = 3;

struct LabelledFile {
  std::string id, path, label;
  std::uint64_t bytes = 0, place = 0;  // of tree::Entry
};

std::string examples(const std::vector<std::string>& paths) {
  const auto shown = std::span(paths).first(std::min(paths.size(), kExamples));
  return fmt::format("{}{}", fmt::join(shown, ", "), paths.size() > kExamples ? ", ..." : "");
}

std::string what_is_there(const tree::Listing& listing) {
  if (listing.files.empty()) return listing.hidden > 0 ? "only hidden files" : "no file at all";
  std::map<std::string, std::size_t> by_extension;
  for (const auto& file : listing.files) ++by_extension[fs::path(file.path).extension().string()];
  std::vector<std::string> kinds;
  kinds.reserve(by_extension.size());
  for (const auto& [extension, count] : by_extension) {
    kinds.push_back(fmt::format("{} {}", count, extension.empty() ? "without extension" : extension));
  }
  return fmt::format("{}", fmt::join(kinds, ", "));
}

// The audio files whose path begins with `prefix`.
std::vector<tree::Entry> audio_below(const std::string& root, const tree::Listing& listing,
                                     const std::string& prefix) {
  std::vector<tree::Entry> audio;
  for (const auto& file : listing.files) {
    if (file.path.starts_with(prefix) && tree::has_audio_extension(file.path)) audio.push_back(file);
  }
  if (audio.empty()) {
    throw CatalogueError(fmt::format("{}: no audio file below this folder. Looked for {}; found {}.",
                                     prefix.empty() ? root : root + "/" + prefix,
                                     fmt::join(tree::audio_extensions(), ", "), what_is_there(listing)));
  }
  if (listing.hidden > 0)
    spdlog::info("{}: {} hidden files (._* and the like) left out", root, listing.hidden);
  return audio;
}

// The tracks, or an error when no file found its place.
std::vector<LabelledFile> settle(std::vector<LabelledFile> tracks, const std::vector<std::string>& misplaced,
                                 const config::Dataset& options, const char* expected) {
  if (tracks.empty()) {
    throw CatalogueError(
        fmt::format("{}: no audio file lies as {}. Found {}.", options.root, expected, examples(misplaced)));
  }
  if (!misplaced.empty()) {
    spdlog::warn("{}: {} audio files left out, as they do not lie as {}: {}", options.root, misplaced.size(),
                 expected, examples(misplaced));
  }
  return tracks;
}

std::string genres_prefix(const tree::Listing& listing) {
  for (const char* prefix : {"genres/", "Data/genres_original/", "genres_original/"}) {
    for (const auto& file : listing.files) {
      if (file.path.starts_with(prefix)) return prefix;
    }
  }
  return "";
}

// The original edition is .au, the other .wav; no song may count twice.
void refuse_both_editions(const config::Dataset& options, const tree::Listing& listing) {
  static const std::regex kName(R"((?:.*/)?([^/]+)/\1\.\d{5}\.(au|wav))", std::regex::icase);
  std::string au, wav;
  for (const auto& file : listing.files) {
    std::smatch match;
    if (!std::regex_match(file.path, match, kName)) continue;
    (match[2].length() == 2 ? au : wav) = file.path;
    if (au.empty() || wav.empty()) continue;
    throw CatalogueError(fmt::format(
        "{}: holds both editions of GTZAN, {} (original) and {}. Set dataset.root to the folder of one.",
        options.root, au, wav));
  }
}

dataset::Task make_task(const std::vector<LabelledFile>& files, const config::Dataset& options) {
  if (options.tasks.size() != 1 || options.tasks.front().second != config::TaskKind::kSingle) {
    throw CatalogueError("dataset.tasks: folders give one label, so there must be one task, of kind single");
  }
  std::set<std::string> classes;
  for (const auto& file : files) {
    if (classes.insert(file.label).second && !is_utf8(file.label)) {
      throw CatalogueError(file.path + ": the name of its class is not UTF-8. Rename the folder.");
    }
  }
  return {options.tasks.front().first, config::TaskKind::kSingle, {classes.begin(), classes.end()}};
}

Catalogue make_catalogue(std::vector<LabelledFile> files, const config::Dataset& options) {
  Catalogue catalogue;
  catalogue.tasks = {make_task(files, options)};
  const auto& classes = catalogue.tasks.front().classes;
  for (auto& file : files) {
    const auto label = std::lower_bound(classes.begin(), classes.end(), file.label) - classes.begin();
    Entry& entry = catalogue.entries.emplace_back();
    entry.track.id = std::move(file.id);
    entry.track.path = std::move(file.path);
    entry.track.labels = {dataset::Label::of_class(static_cast<std::int32_t>(label))};
    entry.bytes = file.bytes;
    entry.place = file.place;
  }
  return catalogue;
}

// One folder above all may be the one that the collection was packed with.
void warn_of_single_class(const config::Dataset& options, const std::vector<LabelledFile>& tracks) {
  for (const auto& track : tracks) {
    const auto slash = track.path.find('/');
    if (track.label != tracks.front().label || track.path.find('/', slash + 1) == std::string::npos) return;
  }
  spdlog::warn(
      "{}: all files lie below the one folder {}, so there is one class. If the classes are its folders, "
      "set dataset.root = \"{}/{}\"",
      options.root, tracks.front().label, options.root, tracks.front().label);
}

}  // namespace

Catalogue read_folder_layout(const config::Dataset& options, const tree::Listing& listing) {
  std::vector<LabelledFile> tracks;
  std::vector<std::string> misplaced;
  for (const auto& [path, bytes, place] : audio_below(options.root, listing, "")) {
    const auto slash = path.find('/');
    if (slash == std::string::npos) {
      misplaced.push_back(path);
    } else {
      tracks.push_back(
          {fs::path(path).replace_extension().generic_string(), path, path.substr(0, slash), bytes, place});
    }
  }
  tracks = settle(std::move(tracks), misplaced, options, "CLASS/.../FILE");
  warn_of_single_class(options, tracks);
  return make_catalogue(std::move(tracks), options);
}

Catalogue read_gtzan_layout(const config::Dataset& options, const tree::Listing& listing) {
  static const std::regex kName(R"(([^/]+)/(\1\.\d{5})\.(au|wav))", std::regex::icase);
  refuse_both_editions(options, listing);
  const std::string prefix = genres_prefix(listing);
  std::vector<LabelledFile> tracks;
  std::vector<std::string> misplaced;
  for (const auto& [path, bytes, place] : audio_below(options.root, listing, prefix)) {
    const std::string below = path.substr(prefix.size());
    std::smatch match;
    if (std::regex_match(below, match, kName)) {
      tracks.push_back({match[2], path, match[1], bytes, place});
    } else {
      misplaced.push_back(path);
    }
  }
  return make_catalogue(settle(std::move(tracks), misplaced, options, "GENRE/GENRE.000NN.au or .wav"),
                        options);
}

}  // namespace chorale::catalogue
