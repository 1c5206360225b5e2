#include "ingest/tree/tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <system_error>

#include "ingest/tree/trees.hpp"

namespace chorale::tree {
namespace fs = std::filesystem;
namespace {

struct Magic {
  std::size_t offset;
  std::string_view bytes;
};

bool begins_with(std::string_view head, Magic magic) {
  return head.size() >= magic.offset && head.substr(magic.offset).starts_with(magic.bytes);
}

struct Compression {
  const char *name, *command;
  Magic magic;
};
const Compression kCompressions[] = {{"gzip", "gunzip", {0, "\x1f\x8b"}},
                                     {"bzip2", "bunzip2", {0, "BZh"}},
                                     {"xz",
                                      "unxz",
                                      {0,
                                       "\xfd"
                                       "7zXZ"}},
                                     {"zstd", "unzstd", {0, "\x28\xb5\x2f\xfd"}}};

// `extension` in lower case, with its dot.
bool has_extension(std::string_view path, std::string_view extension) {
  if (path.size() <= extension.size()) return false;
  const std::string_view own = path.substr(path.size() - extension.size());
  return std::equal(own.begin(), own.end(), extension.begin(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
}

std::unique_ptr<Tree> open_archive(const fs::path& path, const std::string& inside,
                                   std::uint64_t max_file_bytes) {
  std::shared_ptr<const File> file;
  try {
    file = std::make_shared<File>(path);
  } catch (const std::system_error& error) {
    throw TreeError(path.string() + ": cannot be opened: " + error.code().message());
  }
  std::array<char, 512> buffer;
  const std::string_view head(buffer.data(), file->read_at(0, std::as_writable_bytes(std::span(buffer))));
  if (head.empty()) throw TreeError(path.string() + ": empty file (0 bytes)");
  for (const Compression& compression : kCompressions) {
    if (!begins_with(head, compression.magic)) continue;
    throw TreeError(fmt::format(
        "{}: compressed with {} as a whole, so that no file in it can be read without unpacking all "
        "before it. Give a plain .tar ({} makes one), a .zip or a folder.",
        path.string(), compression.name, compression.command));
  }
  const bool zip = begins_with(head, {0, "PK\x03\x04"}) || begins_with(head, {0, "PK\x05\x06"});
  if (zip || has_extension(path.native(), ".zip")) return open_zip(path, inside, max_file_bytes);
  if (begins_with(head, {257, "ustar"}) || has_extension(path.native(), ".tar")) {
    return open_tar(std::move(file), inside, max_file_bytes);
  }
  throw TreeError(path.string() + ": neither a folder nor a .zip or .tar archive");
}

}  // namespace

std::unique_ptr<Tree> Tree::open_root(const fs::path& root, std::uint64_t max_file_bytes) {
  fs::path inside;
  fs::path path = root.has_filename() ? root : root.parent_path();
  for (; !path.empty(); path = path.parent_path()) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (error == std::errc::permission_denied) throw TreeError(path.string() + ": " + error.message());
    if (fs::is_regular_file(status)) return open_archive(path, inside.generic_string(), max_file_bytes);
    if (fs::is_directory(status) && inside.empty()) return open_folder(path, max_file_bytes);
    if (fs::exists(status) || path == path.root_path()) break;
    inside = inside.empty() ? path.filename() : path.filename() / inside;
  }
  throw TreeError(root.string() + ": no such folder or archive");
}

void check_size(std::uint64_t bytes, std::uint64_t max_file_bytes) {
  if (bytes <= max_file_bytes) return;
  throw Unreadable(
      fmt::format("{} MiB, more than audio.max_file_mib = {}", bytes >> 20, max_file_bytes >> 20));
}

const std::vector<std::string>& audio_extensions() {
  static const std::vector<std::string> kExtensions = {".wav", ".au",  ".flac", ".ogg",
                                                       ".mp3", ".aif", ".aiff"};
  return kExtensions;
}

bool has_audio_extension(std::string_view path) {
  const auto& known = audio_extensions();
  return std::any_of(known.begin(), known.end(),
                     [&](const std::string& extension) { return has_extension(path, extension); });
}

}  // namespace chorale::tree
