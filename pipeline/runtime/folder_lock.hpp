// One job at a time on a store or a run folder.
#pragma once

#include <filesystem>

#include "pipeline/runtime/error.hpp"

namespace chorale::runtime {

struct LockedError : UsageError {
  using UsageError::UsageError;
};

// flock on FOLDER/.lock. Rank 0 acquires first, exclusively, then shares the lock; then every other rank
// joins. So a second job is refused as long as any process of the first one lives, and kill -9 leaves nothing
// to clean up.
class FolderLock {
 public:
  // Throws LockedError when another job holds the folder, FileError when the folder is not writable.
  static FolderLock acquire(const std::filesystem::path& folder);
  // For the other ranks, after rank 0 has acquired.
  static FolderLock join(const std::filesystem::path& folder);

  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace chorale::runtime
