#include "ingest/catalogue/layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <regex>

#include "pipeline/runtime/log.hpp"

namespace chorale::catalogue {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kExamples = 3;

std::string examples(const std::vector<std::string>& paths) {
  const auto shown = std::vector(paths.begin(), paths.begin() + std::min(paths.size(), kExamples));
  return fmt::format("{}{}", fmt::join(shown, ", "), paths.size() > kExamples ? ", ..." : "");
}

std::string what_is_there(const Scan& found) {
  if (found.other.empty()) return found.hidden > 0 ? "only hidden files" : "no file at all";
  std::vector<std::string> kinds;
  for (const auto& [extension, count] : found.other) {
    kinds.push_back(fmt::format("{} {}", count, extension.empty() ? "without extension" : extension));
  }
  return fmt::format("{}", fmt::join(kinds, ", "));
}

Scan scan_for_audio(const fs::path& root) {
  Scan found = scan(root);
  if (found.audio.empty()) {
    throw CatalogueError(fmt::format("{}: no audio file below this folder. Looked for {}; found {}.",
                                     root.string(), fmt::join(audio_extensions(), ", "),
                                     what_is_there(found)));
  }
  if (found.hidden > 0)
    spdlog::info("{}: {} hidden files (._* and the like) left out", root.string(), found.hidden);
  return found;
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

fs::path genres_folder(const fs::path& root) {
  for (const char* below : {"genres", "Data/genres_original", "genres_original"}) {
    std::error_code error;
    if (fs::is_directory(root / below, error)) return root / below;
  }
  return root;
}

}  // namespace

std::vector<LabelledFile> read_folder_layout(const config::Dataset& options) {
  std::vector<LabelledFile> tracks;
  std::vector<std::string> misplaced;
  for (const AudioFile& file : scan_for_audio(options.root).audio) {
    const auto slash = file.path.find('/');
    if (slash == std::string::npos) {
      misplaced.push_back(file.path);
    } else {
      tracks.push_back({fs::path(file.path).replace_extension().generic_string(), file.path,
                        file.path.substr(0, slash), file.bytes});
    }
  }
  return settle(std::move(tracks), misplaced, options, "CLASS/.../FILE");
}

std::vector<LabelledFile> read_gtzan_layout(const config::Dataset& options) {
  static const std::regex kName(R"(([^/]+)/(\1\.\d{5})\.(au|wav))", std::regex::icase);
  const fs::path genres = genres_folder(options.root);
  const std::string prefix =
      genres == options.root ? "" : genres.lexically_relative(options.root).generic_string() + "/";
  std::vector<LabelledFile> tracks;
  std::vector<std::string> misplaced;
  for (const AudioFile& file : scan_for_audio(genres).audio) {
    std::smatch match;
    if (std::regex_match(file.path, match, kName)) {
      tracks.push_back({match[2], prefix + file.path, match[1], file.bytes});
    } else {
      misplaced.push_back(prefix + file.path);
    }
  }
  return settle(std::move(tracks), misplaced, options, "GENRE/GENRE.000NN.au or .wav");
}

}  // namespace chorale::catalogue
