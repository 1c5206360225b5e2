// Which audio files lie below a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::catalogue {

struct CatalogueError : runtime::UsageError {
  using UsageError::UsageError;
};

struct AudioFile {
  std::string path;         // relative to the scanned folder, with '/'
  std::uint64_t bytes = 0;  // 0 also for a link that leads nowhere; decoding it tells why
};

struct Scan {
  std::vector<AudioFile> audio;              // sorted by path, byte order
  std::size_t hidden = 0;                    // names that begin with a dot, AppleDouble `._*` among them
  std::map<std::string, std::size_t> other;  // files that are no audio, by extension as written ("" for none)
};

// The extensions taken for audio, lower case with dot: what libsndfile decodes.
const std::vector<std::string>& audio_extensions();

// Every audio file below `root` at any depth; links are followed. Throws CatalogueError: no such folder, a
// folder that can't be read, a link that leads back to a folder above it.
Scan scan(const std::filesystem::path& root);

}  // namespace chorale::catalogue
