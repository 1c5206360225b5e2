#include "pipeline/runtime/atomic_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.hpp"

namespace chorale::runtime {
namespace {

TEST(AtomicFile, WriteReplacesTheWholeFile) {
  const testing_support::TemporaryFolder folder;
  const auto path = folder.path() / "state.json";
  write_file(path, "a long first version");
  write_file(path, "second");
  EXPECT_EQ(read_file(path), "second");
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".partial"));
}

TEST(AtomicFile, NothingIsLeftWithoutCommit) {
  const testing_support::TemporaryFolder folder;
  const auto path = folder.path() / "shard.h5";
  {
    const AtomicPath file(path);
    std::ofstream(file.partial()) << "half";
    ASSERT_TRUE(std::filesystem::exists(file.partial()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(AtomicFile, AFolderIsCommittedWithItsContent) {
  const testing_support::TemporaryFolder folder;
  {
    AtomicPath target(folder.path() / "epoch-0001");
    std::filesystem::create_directory(target.partial());
    std::ofstream(target.partial() / "state.json") << "{}";
    target.commit();
  }
  EXPECT_EQ(read_file(folder.path() / "epoch-0001" / "state.json"), "{}");
}

TEST(AtomicFile, ErrorsNameThePath) {
  const std::filesystem::path path = "/proc/no_such_folder/file";
  try {
    write_file(path, "x");
    FAIL() << "expected FileError";
  } catch (const FileError& error) {
    EXPECT_NE(std::string(error.what()).find("/proc/no_such_folder/file"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace chorale::runtime
