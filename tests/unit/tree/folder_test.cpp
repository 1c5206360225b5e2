#include <sys/stat.h>

#include "pipeline/runtime/atomic_file.hpp"
#include "unit/tree/support.hpp"

namespace chorale::tree {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(TreeTest, AFolderListsItsFilesInByteOrder) {
  write(folder.path() / "b/x.wav", "12345");
  write(folder.path() / "b/deep/er/y", "");
  write(folder.path() / "B\xff.au", "1");
  write(folder.path() / ".git/config", "");
  write(folder.path() / "b/._x.wav", "");
  const auto listing = tree(folder.path())->list();
  EXPECT_THAT(paths(listing), ElementsAre("B\xff.au", "b/deep/er/y", "b/x.wav"));
  EXPECT_EQ(listing.files[2].bytes, 5U);
  EXPECT_EQ(listing.hidden, 2U);
  EXPECT_EQ(content_of(*tree(folder.path().string() + "/"), "b/x.wav"), "12345");
}

TEST_F(TreeTest, LargeFilesAreReadAsAskedFor) {
  const std::string large = noise(20'000'000, 1);
  write(folder.path() / "large.wav", large);
  const auto root = Tree::open_root(folder.path(), large.size());
  const auto stream = root->open(root->list().files[0]);
  EXPECT_EQ(content(*stream), large);
  std::string part(10, '?');
  EXPECT_EQ(stream->read_at(12'345'678, std::as_writable_bytes(std::span(part))), 10U);
  EXPECT_EQ(part, large.substr(12'345'678, 10));
  EXPECT_EQ(stream->read_at(large.size() - 4, std::as_writable_bytes(std::span(part))), 4U);
  EXPECT_EQ(stream->read_at(large.size() + 4, std::as_writable_bytes(std::span(part))), 0U);
  EXPECT_EQ(content_hash(*stream), content_hash(MemoryStream(Bytes(std::as_bytes(std::span(large))))));
  std::filesystem::resize_file(folder.path() / "large.wav", 1'000'000);
  EXPECT_THAT(error<runtime::FileError>([&] { content(*stream); }), HasSubstr("has become shorter"));
}

TEST_F(TreeTest, LinksOfAFolderAreFollowedButNotInCircles) {
  write(folder.path() / "audio/a/x.wav", "x");
  write(folder.path() / "elsewhere/y.wav", "y");
  const auto root = folder.path() / "audio";
  std::filesystem::create_directory_symlink(folder.path() / "elsewhere", root / "b");
  EXPECT_EQ(content_of(*tree(root), "b/y.wav"), "y");
  std::filesystem::create_directory_symlink(root, root / "a/up");
  EXPECT_THAT(why_no_tree(root), HasSubstr("a/up: this link leads back"));
}

TEST_F(TreeTest, FilesThatWillNeverBeReadAreToldFromThoseThatMay) {
  write(folder.path() / "x.wav", "x");
  write(folder.path() / "large.wav", std::string(kLimit + 1, 'x'));
  std::filesystem::create_symlink("nowhere.wav", folder.path() / "dangling.wav");
  std::filesystem::create_symlink("self.wav", folder.path() / "self.wav");
  const auto root = tree(folder.path());
  EXPECT_EQ(why_unreadable(*root, "dangling.wav"), "a link that leads nowhere");
  EXPECT_EQ(why_unreadable(*root, "self.wav"), "a link that leads to itself");
  EXPECT_EQ(why_unreadable(*root, "large.wav"), "1 MiB, more than audio.max_file_mib = 1");
  const auto listing = root->list();
  std::filesystem::remove(folder.path() / "x.wav");
  EXPECT_THAT(error<runtime::FileError>([&] { root->open(listing.files.back()); }), HasSubstr("x.wav"));
}

TEST_F(TreeTest, PipesAreRefused) {
  ASSERT_EQ(::mkfifo((folder.path() / "pipe.wav").c_str(), 0600), 0);
  const auto listing = tree(folder.path())->list();
  EXPECT_THAT(paths(listing), ElementsAre());
  EXPECT_THAT(refused(listing), ElementsAre("pipe.wav: a pipe, a socket or a device"));
}

}  // namespace
}  // namespace chorale::tree
