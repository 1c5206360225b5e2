#include "unit/tree/support.hpp"

namespace chorale::tree {
namespace {

using testing::HasSubstr;

TEST_F(TreeTest, NothingThereIsAnError) {
  EXPECT_THAT(why_no_tree(folder.path() / "lost"), HasSubstr("lost: no such folder or archive"));
  EXPECT_THAT(why_no_tree(folder.path() / "lost/deeper"), HasSubstr("no such folder or archive"));
  EXPECT_THAT(why_no_tree(""), HasSubstr("no such folder or archive"));
}

TEST_F(TreeTest, OtherFilesAreNoTree) {
  write(folder.path() / "a.csv", "id,artist\n");
  EXPECT_THAT(why_no_tree(folder.path() / "a.csv"), HasSubstr("neither a folder nor a .zip or .tar archive"));
  write(folder.path() / "empty.tar", "");
  EXPECT_THAT(why_no_tree(folder.path() / "empty.tar"), HasSubstr("empty file"));
}

TEST_F(TreeTest, CompressedTarsAreRefusedWithAdvice) {
  for (const auto& [name, magic, command] :
       std::vector<std::array<std::string, 3>>{{"a.tar.gz", "\x1f\x8b\x08", "gunzip"},
                                               {"a.tbz", "BZh9", "bunzip2"},
                                               {"a.txz",
                                                "\xfd"
                                                "7zXZ",
                                                "unxz"},
                                               {"misnamed.tar", "\x28\xb5\x2f\xfd", "unzstd"}}) {
    write(folder.path() / name, magic + noise(2'000, 1));
    EXPECT_THAT(why_no_tree(folder.path() / name), HasSubstr("Give a plain .tar (" + command)) << name;
  }
}

TEST(AudioExtensions, CaseDoesNotMatter) {
  EXPECT_TRUE(has_audio_extension("a/b.MP3"));
  EXPECT_TRUE(has_audio_extension("b.aiff"));
  EXPECT_FALSE(has_audio_extension("a.wav/b"));
  EXPECT_FALSE(has_audio_extension("mp3"));
}

}  // namespace
}  // namespace chorale::tree
