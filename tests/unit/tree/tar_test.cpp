// Tar archives are made by libarchive in each of its formats.
#include <archive.h>
#include <archive_entry.h>

#include "unit/tree/support.hpp"

namespace chorale::tree {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Packed {
  std::string name, content;
  std::string hard_link = {}, symbolic_link = {};
};

class TarTest : public TreeTest {
 protected:
  std::filesystem::path make(const std::vector<Packed>& files, int format = ARCHIVE_FORMAT_TAR_USTAR) const {
    auto path = folder.path() / "a.tar";
    archive* writer = archive_write_new();
    archive_write_set_format(writer, format);
    archive_write_set_options(writer, "hdrcharset=BINARY");
    if (archive_write_open_filename(writer, path.c_str()) != ARCHIVE_OK) throw std::runtime_error("open");
    archive_entry* entry = archive_entry_new();
    for (const Packed& file : files) {
      archive_entry_clear(entry);
      archive_entry_set_pathname(entry, file.name.c_str());
      archive_entry_set_perm(entry, 0644);
      archive_entry_set_filetype(entry, AE_IFREG);
      if (!file.hard_link.empty()) archive_entry_set_hardlink(entry, file.hard_link.c_str());
      if (!file.symbolic_link.empty()) {
        archive_entry_set_filetype(entry, AE_IFLNK);
        archive_entry_set_symlink(entry, file.symbolic_link.c_str());
      }
      archive_entry_set_size(entry, static_cast<std::int64_t>(file.content.size()));
      if (archive_write_header(writer, entry) != ARCHIVE_OK)
        throw std::runtime_error(archive_error_string(writer));
      archive_write_data(writer, file.content.data(), file.content.size());
    }
    archive_entry_free(entry);
    archive_write_close(writer);
    archive_write_free(writer);
    return path;
  }
};

TEST_F(TarTest, GivesEveryFormatsFilesBack) {
  const std::string long_name = "b/" + std::string(200, 'n') + "/" + std::string(120, 'm') + ".wav";
  const std::string a = noise(1'000, 1), b = noise(513, 2), c = noise(512, 3);
  for (const int format :
       {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE}) {
    const bool ustar = format == ARCHIVE_FORMAT_TAR_USTAR;
    const std::string name = ustar ? "b/y.wav" : long_name;
    const auto root =
        tree(make({{"./b/x.wav", a}, {name, b}, {"a.mp3", c}, {"empty.au", ""}, {"b/._x.wav", "x"}}, format));
    const auto listing = root->list();
    EXPECT_THAT(paths(listing), testing::UnorderedElementsAre("a.mp3", "b/x.wav", name, "empty.au"));
    EXPECT_EQ(listing.hidden, 1U);
    EXPECT_EQ(content_of(*root, "b/x.wav"), a);
    EXPECT_EQ(content_of(*root, name), b);
    EXPECT_EQ(content_of(*root, "a.mp3"), c);
    EXPECT_EQ(content_of(*root, "empty.au"), "");
  }
}

TEST_F(TarTest, AnotherProcessMayOpenWhatOneHasListed) {
  const auto path = make({{"x.wav", "12345"}});
  const auto entry = tree(path)->list().files[0];
  EXPECT_EQ(content(*tree(path)->open(entry)), "12345");
}

TEST_F(TarTest, TheRootMayLieInside) {
  const auto path = make({{"genres/blues/x.au", "x"}, {"readme.txt", "y"}});
  EXPECT_THAT(paths(tree(path / "genres")->list()), ElementsAre("blues/x.au"));
}

TEST_F(TarTest, TheLastOfEqualPathsCounts) {
  const auto root = tree(make({{"x.wav", "old"}, {"y.wav", "y"}, {"./x.wav", "newer"}}));
  EXPECT_THAT(paths(root->list()), ElementsAre("x.wav", "y.wav"));
  EXPECT_EQ(content_of(*root, "x.wav"), "newer");
}

TEST_F(TarTest, LinksLeadToFilesOfTheArchive) {
  const auto root = tree(make({{"a/x.wav", "12345"},
                               {"b/hard.wav", "", "a/x.wav"},
                               {"b/soft.wav", "", {}, "../a/x.wav"},
                               {"b/lost.wav", "", {}, "nowhere.wav"},
                               {"b/out.wav", "", {}, "../../etc/x.wav"},
                               {"b/absolute.wav", "", {}, "/etc/x.wav"}}));
  const auto listing = root->list();
  EXPECT_THAT(paths(listing), ElementsAre("a/x.wav", "b/hard.wav", "b/soft.wav"));
  EXPECT_EQ(content_of(*root, "b/hard.wav"), "12345");
  EXPECT_EQ(content_of(*root, "b/soft.wav"), "12345");
  EXPECT_THAT(refused(listing),
              ElementsAre("b/absolute.wav: a link that leads out of the archive",
                          "b/lost.wav: a link to 'b/nowhere.wav', which is no file of the archive",
                          "b/out.wav: a link that leads out of the archive"));
}

TEST_F(TarTest, PathsThatLeaveTheRootAreRefused) {
  const auto listing = tree(make({{"../up.wav", "x"}, {"/etc/x.wav", "x"}, {"c.wav", "x"}}))->list();
  EXPECT_THAT(paths(listing), ElementsAre("c.wav"));
  EXPECT_THAT(refused(listing),
              ElementsAre(HasSubstr("../up.wav: leads out of the archive"), HasSubstr("/etc/x.wav: ")));
}

TEST_F(TarTest, LargeFilesAreNotOpened) {
  const auto root = tree(make({{"x.wav", std::string(kLimit + 1, 'x')}}));
  EXPECT_THAT(why_unreadable(*root, "x.wav"), HasSubstr("more than audio.max_file_mib = 1"));
}

TEST_F(TarTest, ATruncatedArchiveIsAnErrorThatSaysHowFarItGoes) {
  const auto path = make({{"x.wav", noise(10'000, 1)}, {"y.wav", noise(10'000, 2)}});
  const std::uintmax_t record = 512, file = record + 10'240;  // header and padded content
  const auto why_at = [&](std::uintmax_t bytes) {
    std::filesystem::resize_file(path, bytes);
    return why_no_tree(path);
  };
  EXPECT_THAT(why_at(2 * file),
              HasSubstr("cut off or damaged: it has no end mark (after 2 complete entries"));
  EXPECT_THAT(why_at(file + record + 9'999),
              HasSubstr("it ends within y.wav (after 1 complete entries, 10752 of 21263 bytes)"));
  EXPECT_THAT(why_at(file + 100), HasSubstr("after 1 complete entries"));
  EXPECT_THAT(why_at(file), HasSubstr("no end mark (after 1 complete entries"));
  EXPECT_THAT(why_at(100), HasSubstr("after 0 complete entries"));
}

TEST_F(TarTest, ADamagedHeaderIsAnError) {
  const auto path = make({{"x.wav", noise(1'000, 1)}, {"y.wav", noise(1'000, 2)}});
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(1'536).write("damaged", 7);
  EXPECT_THAT(why_no_tree(path), HasSubstr("after 1 complete entries"));
}

TEST_F(TarTest, NamesAreBytes) {
  for (const int format :
       {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE}) {
    const auto root = tree(make({{"caf\xc3\xa9.wav", "utf-8"}, {"caf\xe9.wav", "latin"}}, format));
    EXPECT_THAT(paths(root->list()), ElementsAre("caf\xc3\xa9.wav", "caf\xe9.wav"));
    EXPECT_EQ(content_of(*root, "caf\xe9.wav"), "latin");
  }
}

}  // namespace
}  // namespace chorale::tree
