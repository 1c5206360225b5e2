#include "pipeline/runtime/folder_lock.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "support/temporary_folder.hpp"

namespace chorale::runtime {
namespace {

TEST(FolderLock, ASecondJobIsRefusedWhileAnyRankOfTheFirstLives) {
  const testing_support::TemporaryFolder folder;
  {
    // Two open files of one process exclude each other as two processes do.
    auto rank0 = std::make_unique<FolderLock>(FolderLock::acquire(folder.path()));
    const auto rank1 = FolderLock::join(folder.path());
    EXPECT_THROW(FolderLock::acquire(folder.path()), LockedError);
    rank0.reset();
    EXPECT_THROW(FolderLock::acquire(folder.path()), LockedError);
  }
  EXPECT_NO_THROW(FolderLock::acquire(folder.path()));
}

}  // namespace
}  // namespace chorale::runtime
