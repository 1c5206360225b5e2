#include "pipeline/runtime/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace chorale::runtime {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const char* what, const fs::path& path) {
  throw FileError(path.string() + ": cannot " + what + ": " + std::strerror(errno));
}

void sync_path(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail("open", path);
  const int result = ::fsync(fd);
  const int saved = errno;
  ::close(fd);
  // Some file systems cannot fsync a folder and say EINVAL; their rename is durable by itself.
  if (result != 0 && saved != EINVAL) {
    errno = saved;
    fail("fsync", path);
  }
}

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

AtomicPath::AtomicPath(fs::path final_path)
    : final_(std::move(final_path)), partial_(final_.string() + ".partial") {
  std::error_code ignored;
  fs::remove_all(partial_, ignored);
}

AtomicPath::~AtomicPath() {
  if (committed_) return;
  std::error_code ignored;
  fs::remove_all(partial_, ignored);
}

void AtomicPath::commit() {
  if (fs::is_directory(partial_)) {
    for (const auto& entry : fs::recursive_directory_iterator(partial_)) sync_path(entry.path());
  }
  sync_path(partial_);
  if (::rename(partial_.c_str(), final_.c_str()) != 0) fail("rename to its final name", partial_);
  committed_ = true;
  sync_path(parent_of(final_));
}

void write_file(const fs::path& path, std::string_view content) {
  AtomicPath file(path);
  const int fd = ::open(file.partial().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) fail("create", file.partial());
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int saved = errno;
      ::close(fd);
      errno = saved;
      fail("write", file.partial());
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::close(fd) != 0) fail("close", file.partial());
  file.commit();
}

std::filesystem::path free_name(const std::filesystem::path& path, std::string_view why) {
  for (int n = 1;; ++n) {
    std::filesystem::path name = path;
    name += "." + std::string(why) + "-" + std::to_string(n);
    if (!std::filesystem::exists(name)) return name;
  }
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) fail("open", path);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) fail("read", path);
  return content;
}

}  // namespace chorale::runtime
