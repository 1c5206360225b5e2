// Zip archives are made by libzip, and then damaged at known places of the format
// (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
#include <zip.h>

#include "unit/tree/support.hpp"

namespace chorale::tree {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Packed {
  std::string name, content;
  int method = ZIP_CM_DEFLATE;
};

class ZipTest : public TreeTest {
 protected:
  std::filesystem::path make(const std::vector<Packed>& files) const {
    const auto path = folder.path() / "a.zip";
    int code = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (archive == nullptr) throw std::runtime_error("zip_open");
    for (const auto& [name, content, method] : files) {
      zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
      const auto index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
      if (index < 0) throw std::runtime_error("zip_file_add");
      zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), method, 0);
    }
    if (zip_close(archive) != 0) throw std::runtime_error("zip_close");
    return path;
  }

  // Changes bytes of the archive at `offset` after the last occurrence of `mark`.
  void damage(const std::filesystem::path& path, const std::string& mark, std::size_t offset,
              const std::string& bytes) const {
    std::ifstream in(path, std::ios::binary);
    std::string all((std::istreambuf_iterator<char>(in)), {});
    in.close();
    const auto at = all.rfind(mark);
    ASSERT_NE(at, std::string::npos);
    write(path, all.replace(at + offset, bytes.size(), bytes));
  }
};

const std::string kCentral = "PK\x01\x02";  // the record of a file in the central directory

TEST_F(ZipTest, GivesEveryMethodsFilesBack) {
  const std::string big = noise(3'000'000, 1) + std::string(3'000'000, 'x');
  const auto path = make({{"b/stored.wav", big, ZIP_CM_STORE},
                          {"b/deflated.wav", big, ZIP_CM_DEFLATE},
                          {"a/bzip2.mp3", big, ZIP_CM_BZIP2},
                          {"empty.wav", ""},
                          {"._b.wav", "x"},
                          {"__MACOSX/._b.wav", "x"}});
  const auto root = Tree::open_root(path, 6'000'000);
  const auto listing = root->list();
  EXPECT_THAT(paths(listing), ElementsAre("a/bzip2.mp3", "b/deflated.wav", "b/stored.wav", "empty.wav"));
  EXPECT_EQ(listing.hidden, 2U);
  EXPECT_EQ(listing.files[0].bytes, big.size());
  for (const Entry& entry : listing.files) {
    EXPECT_TRUE(content(*root->open(entry)) == (entry.path == "empty.wav" ? "" : big)) << entry.path;
  }
}

TEST_F(ZipTest, IsToldByItsContent) {
  std::filesystem::rename(make({{"x.wav", "x"}}), folder.path() / "collection");
  EXPECT_EQ(content_of(*tree(folder.path() / "collection"), "x.wav"), "x");
}

TEST_F(ZipTest, TheRootMayLieInside) {
  const auto path = make({{"fma/000/1.mp3", "1"}, {"fma/2.mp3", "2"}, {"fma_more/3.mp3", "3"}});
  EXPECT_THAT(paths(tree(path / "fma")->list()), ElementsAre("000/1.mp3", "2.mp3"));
  EXPECT_EQ(content_of(*tree(path / "fma/000/"), "1.mp3"), "1");
  EXPECT_THAT(why_no_tree(path / "lost"), HasSubstr("a.zip: holds no folder 'lost'"));
}

TEST_F(ZipTest, PathsThatLeaveTheRootAreRefused) {
  const auto listing =
      tree(make({{"../up.wav", "x"}, {"/etc/x.wav", "x"}, {"a/../b.wav", "x"}, {"./c.wav", "x"}}))->list();
  EXPECT_THAT(paths(listing), ElementsAre("c.wav"));
  EXPECT_THAT(refused(listing), ElementsAre(HasSubstr("../up.wav: leads out of the archive"),
                                            HasSubstr("/etc/x.wav: "), HasSubstr("a/../b.wav: ")));
}

TEST_F(ZipTest, NamesNoFileSystemWouldHoldAreRefused) {
  const std::string longest(4091, 'x'), one = std::string(60000, 'y') + "1.wav",
                                        two = std::string(60000, 'y') + "2.wav";
  const auto listing = tree(make({{longest + ".wav", "x"}, {one, "x"}, {two, "x"}}))->list();
  EXPECT_THAT(paths(listing), ElementsAre(longest + ".wav"));
  ASSERT_THAT(refused(listing), testing::SizeIs(2));
  for (const std::string& row : refused(listing)) {
    EXPECT_THAT(row, HasSubstr("]: its name is longer than 4095 bytes"));
    EXPECT_LT(row.size(), 300U);
  }
}

TEST_F(ZipTest, EncryptedFilesAndUnknownMethodsAreRefused) {
  const auto path = make({{"x.wav", noise(100, 1)}});
  damage(path, kCentral, 8, "\x01");
  EXPECT_THAT(refused(tree(path)->list()), ElementsAre("x.wav: encrypted in the archive"));
  const auto other = make({{"x.wav", noise(100, 1)}});
  damage(other, kCentral, 10, "\x62");
  EXPECT_THAT(refused(tree(other)->list()), ElementsAre(HasSubstr("x.wav: compressed by method 98")));
}

TEST_F(ZipTest, ABombIsNotOpened) {
  const auto root = tree(make({{"bomb.wav", std::string(50'000'000, '\0'), ZIP_CM_BZIP2}}));
  EXPECT_THAT(why_unreadable(*root, "bomb.wav"), HasSubstr("47 MiB, more than audio.max_file_mib = 1"));
}

// The sizes stand in the central directory, 24 bytes into a file's record.
TEST_F(ZipTest, LiesAboutSizesAreFoundOut) {
  for (const int method : {ZIP_CM_STORE, ZIP_CM_DEFLATE, ZIP_CM_BZIP2}) {
    const auto path = make({{"x.wav", std::string(100'000, 'x'), method}});
    damage(path, kCentral, 24, std::string("\x10\x00\x00\x00", 4));
    EXPECT_NE(why_unreadable(*tree(path), "x.wav"), "no error") << method;
    damage(path, kCentral, 24, std::string("\x00\x00\x0f\x00", 4));
    EXPECT_NE(why_unreadable(*tree(path), "x.wav"), "no error") << method;
  }
}

TEST_F(ZipTest, WrongChecksumsAndDamagedDataAreFoundOut) {
  for (const int method : {ZIP_CM_STORE, ZIP_CM_DEFLATE, ZIP_CM_BZIP2}) {
    const auto path = make({{"x.wav", noise(10'000, 1), method}});
    damage(path, kCentral, 16, "abcd");
    EXPECT_THAT(why_unreadable(*tree(path), "x.wav"), HasSubstr("damaged in the archive: CRC error"))
        << method;
    const auto other = make({{"x.wav", noise(10'000, 1), method}});
    damage(other, kCentral, std::size_t(0) - 5'000, "some other bytes");
    EXPECT_THAT(why_unreadable(*tree(other), "x.wav"), HasSubstr("damaged in the archive")) << method;
  }
}

TEST_F(ZipTest, ATruncatedArchiveIsAnErrorAtTheStart) {
  const auto path = make({{"x.wav", noise(10'000, 1)}, {"y.wav", noise(10'000, 2)}});
  for (const std::uintmax_t bytes :
       {std::filesystem::file_size(path) - 1, std::uintmax_t{15'000}, std::uintmax_t{10}}) {
    std::filesystem::resize_file(path, bytes);
    EXPECT_THAT(why_no_tree(path), HasSubstr("cut off")) << bytes;
  }
}

TEST_F(ZipTest, NamesAreBytes) {
  EXPECT_EQ(content_of(*tree(make({{"caf\xc3\xa9.wav", "utf-8"}})), "caf\xc3\xa9.wav"), "utf-8");
  const auto path = make({{"cafe.wav", "latin"}});
  damage(path, "cafe", 3, "\xe9");
  EXPECT_EQ(content_of(*tree(path), "caf\xe9.wav"), "latin");
}

}  // namespace
}  // namespace chorale::tree
