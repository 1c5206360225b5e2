// Where a collection's files lie: in a folder, or in a .zip or .tar that is read without being unpacked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/tree/byte_stream.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::tree {

// The tree as a whole cannot be used: no such folder, a truncated archive.
struct TreeError : runtime::UsageError {
  using UsageError::UsageError;
};

// This user may not read it; another time, or another user may.
struct NoAccess : runtime::Error {
  using Error::Error;
};

// One file of it cannot be used, however often it is tried. The message leaves the path out, as a quarantine
// row has it already.
struct Unreadable : runtime::Error {
  using Error::Error;
};

struct Entry {
  std::string path;         // relative to the root, with '/'; bytes, which need not be UTF-8
  std::uint64_t bytes = 0;  // uncompressed; 0 also for a link that leads nowhere, whose opening tells why
  std::uint64_t place = 0;  // where in an archive; for the tree's own use
};

struct Refused {
  std::string path, reason;
};

struct Listing {
  std::vector<Entry> files;      // sorted by path, byte order; hidden ones left out
  std::vector<Refused> refused;  // sorted by path; never opened
  std::size_t hidden = 0;        // names that begin with a dot, AppleDouble `._*` among them
};

// Not for several threads.
class Tree {
 public:
  // A folder, a .zip (stored, deflate, bzip2) or an uncompressed .tar, told by what is there and not by its
  // name. `root` may go on inside of an archive ("fma.zip/fma_small"): then only what lies below is listed,
  // relative to it. Larger files than `max_file_bytes` are not opened. Throws TreeError: nothing there,
  // another or a damaged archive.
  static std::unique_ptr<Tree> open_root(const std::filesystem::path& root, std::uint64_t max_file_bytes);

  virtual ~Tree() = default;

  // Every file at any depth. Links are followed: in a folder wherever they lead, in a tar those to its own
  // files. Of a path that stands twice in an archive the last one counts, as when it is unpacked. Throws
  // TreeError: a folder that cannot be read, a link that leads back to a folder above it, a truncated
  // archive.
  virtual Listing list() const = 0;

  // `file` is one of list(), of this tree or of another of the same root (in another process, say). Throws
  // Unreadable: too large, damaged, may not be read. Throws runtime::FileError when the failure may pass (a
  // lost mount).
  virtual std::unique_ptr<ByteStream> open(const Entry& file) const = 0;
};

// The extensions taken for audio, lower case with dot: what libsndfile decodes.
const std::vector<std::string>& audio_extensions();
bool has_audio_extension(std::string_view path);

}  // namespace chorale::tree
