#include "pipeline/runtime/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::runtime {
namespace {

int open_lock_file(const std::filesystem::path& folder) {
  const auto path = folder / ".lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) throw FileError(path.string() + ": cannot create: " + std::strerror(errno));
  return fd;
}

// A file system without flock (ENOSYS, ENOLCK, EOPNOTSUPP) leaves the folder unguarded; the user's own care
// remains.
void lock(int fd, int operation, const std::filesystem::path& folder) {
  if (::flock(fd, operation | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(fd);
  throw LockedError(folder.string() +
                    ": another job is working on this folder. Wait until it has ended; if you "
                    "believe that none runs, look for a process that keeps " +
                    (folder / ".lock").string() + " open.");
}

}  // namespace

FolderLock FolderLock::acquire(const std::filesystem::path& folder) {
  const int fd = open_lock_file(folder);
  lock(fd, LOCK_EX, folder);
  lock(fd, LOCK_SH, folder);
  return FolderLock(fd);
}

FolderLock FolderLock::join(const std::filesystem::path& folder) {
  const int fd = open_lock_file(folder);
  lock(fd, LOCK_SH, folder);
  return FolderLock(fd);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace chorale::runtime
