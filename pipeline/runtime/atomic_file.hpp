// Files and folders that are there whole or not at all: written under another name, fsynced, renamed, and the
// parent folder fsynced. What is being written ends in ".partial" and may be removed at any time.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pipeline/runtime/error.hpp"

namespace chorale::runtime {

struct FileError : Error {
  using Error::Error;
};

// A file or a folder under construction. Write to partial(), then commit(); without commit() the destructor
// removes it.
class AtomicPath {
 public:
  explicit AtomicPath(std::filesystem::path final_path);
  ~AtomicPath();
  AtomicPath(const AtomicPath&) = delete;
  AtomicPath& operator=(const AtomicPath&) = delete;

  const std::filesystem::path& partial() const { return partial_; }

  // fsync of the file (or of every file in the folder), rename, fsync of the parent. Throws FileError.
  void commit();

 private:
  std::filesystem::path final_, partial_;
  bool committed_ = false;
};

// Replaces `path` by `content` in one step. Throws FileError (disk full, no permission) and leaves the old
// file.
void write_file(const std::filesystem::path& path, std::string_view content);

// PATH.WHY-1, or with the first number of which there is no such file or folder: for what is kept out of the
// way.
std::filesystem::path free_name(const std::filesystem::path& path, std::string_view why);

// The whole file. Throws FileError.
std::string read_file(const std::filesystem::path& path);

}  // namespace chorale::runtime
