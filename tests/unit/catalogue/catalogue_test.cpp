#include "ingest/catalogue/catalogue.hpp"

#include <gmock/gmock.h>

#include "tree.hpp"

namespace chorale::catalogue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(CatalogueTest, FolderTakesTheFirstFolderAsTheClass) {
  make_files({"rock/b.wav", "rock/a/c.FLAC", "jazz/x.Mp3", "jazz/y.ogg", "blues/z.aiff", "blues/cover.jpg"});
  const Catalogue catalogue = make_catalogue(options);
  EXPECT_THAT(ids(catalogue), ElementsAre("blues/z", "jazz/x", "jazz/y", "rock/a/c", "rock/b"));
  ASSERT_EQ(catalogue.tasks.size(), 1U);
  EXPECT_EQ(catalogue.tasks[0].name, "genre");
  EXPECT_THAT(catalogue.tasks[0].classes, ElementsAre("blues", "jazz", "rock"));
  const auto& track = catalogue.entries[3].track;
  EXPECT_EQ(track.path, "rock/a/c.FLAC");
  EXPECT_EQ(track.group, track.id);
  EXPECT_THAT(track.labels, ElementsAre(dataset::Label::of_class(2)));
}

TEST_F(CatalogueTest, SortsByBytesAndKnowsSizes) {
  make_files({"a/Z.wav", "a/a.wav", "a/\xc3\xa4.wav", "a/B.wav"});
  touch(root / "a/a.wav", "12345");
  const Catalogue catalogue = make_catalogue(options);
  EXPECT_THAT(ids(catalogue), ElementsAre("a/B", "a/Z", "a/a", "a/\xc3\xa4"));
  EXPECT_EQ(catalogue.entries[2].bytes, 5U);
}

TEST_F(CatalogueTest, HiddenAndAppleDoubleFilesAreNoTracks) {
  make_files({"a/x.wav", "a/._x.wav", "a/.hidden.wav", ".cache/y.wav"});
  EXPECT_THAT(ids(make_catalogue(options)), ElementsAre("a/x"));
}

TEST_F(CatalogueTest, ATrailingSlashOfTheRootChangesNothing) {
  make_files({"genres/a/a.00000.wav"});
  options.root += "/";
  EXPECT_EQ(make_catalogue(options).entries[0].track.path, "genres/a/a.00000.wav");
  options.kind = config::DatasetKind::kGtzan;
  EXPECT_EQ(make_catalogue(options).entries[0].track.path, "genres/a/a.00000.wav");
}

TEST_F(CatalogueTest, GtzanIsFoundInItsUsualPlacesAndInBothEditions) {
  options.kind = config::DatasetKind::kGtzan;
  for (const std::string place : {"", "genres/", "genres_original/", "Data/genres_original/"}) {
    for (const std::string edition : {".au", ".wav"}) {
      std::filesystem::remove_all(root);
      touch(root / (place + "blues/blues.00001" + edition));
      touch(root / (place + "blues/blues.00000" + edition));
      touch(root / (place + "blues/._blues.00000" + edition));
      touch(root / (place + "blues/notes.00000" + edition));
      touch(root / (place + "metal/metal.00099" + edition));
      const Catalogue catalogue = make_catalogue(options);
      EXPECT_THAT(ids(catalogue), ElementsAre("blues.00000", "blues.00001", "metal.00099")) << place;
      EXPECT_EQ(catalogue.entries[1].track.path, place + "blues/blues.00001" + edition);
      EXPECT_THAT(catalogue.tasks[0].classes, ElementsAre("blues", "metal"));
    }
  }
}

TEST_F(CatalogueTest, BothEditionsOfGtzanAtOnceAreAnErrorThatNamesThem) {
  options.kind = config::DatasetKind::kGtzan;
  make_files({"genres/blues/blues.00000.au", "Data/genres_original/blues/blues.00001.wav"});
  EXPECT_THAT(error(), HasSubstr("both editions of GTZAN, genres/blues/blues.00000.au (original) and "
                                 "Data/genres_original/blues/blues.00001.wav"));
}

TEST_F(CatalogueTest, MissingAndEmptyFoldersSayWhatWasLookedForAndFound) {
  EXPECT_THAT(error(), HasSubstr(root.string() + ": no such folder"));
  std::filesystem::create_directories(root);
  EXPECT_THAT(error(), HasSubstr("no file at all"));
  make_files({"a/readme.txt", "a/b.txt", "a/Makefile"});
  EXPECT_THAT(error(), HasSubstr(".flac"));
  EXPECT_THAT(error(), HasSubstr("found 1 without extension, 2 .txt"));
}

TEST_F(CatalogueTest, AClassWhoseNameIsNotUtf8IsAnErrorAndAFileIsNot) {
  make_files({"rock/b\xff.wav"});
  EXPECT_EQ(make_catalogue(options).entries.size(), 1U);
  make_files({"jazz\xff/a.wav"});
  EXPECT_THAT(error(), HasSubstr("not UTF-8"));
}

TEST_F(CatalogueTest, FilesWithoutAClassFolderAreAnError) {
  make_files({"one.wav", "two.wav"});
  EXPECT_THAT(error(), HasSubstr("CLASS/.../FILE"));
  EXPECT_THAT(error(), HasSubstr("one.wav, two.wav"));
}

TEST_F(CatalogueTest, TheSameIdTwiceIsAnError) {
  make_files({"a/x.wav", "a/x.mp3"});
  EXPECT_THAT(error(), HasSubstr("a/x.mp3 and a/x.wav would both be track 'a/x'"));
}

TEST_F(CatalogueTest, LinksAreFollowedButNotInCircles) {
  make_files({"a/x.wav"});
  touch(folder.path() / "elsewhere/y.wav");
  std::filesystem::create_directory_symlink(folder.path() / "elsewhere", root / "b");
  EXPECT_THAT(ids(make_catalogue(options)), ElementsAre("a/x", "b/y"));
  std::filesystem::create_directory_symlink(root, root / "a/up");
  EXPECT_THAT(error(), HasSubstr("a/up: this link leads back"));
}

TEST_F(CatalogueTest, ALinkThatLeadsNowhereStaysInTheCatalogue) {
  make_files({"a/x.wav"});
  std::filesystem::create_symlink("nowhere.wav", root / "a/y.wav");
  EXPECT_THAT(ids(make_catalogue(options)), ElementsAre("a/x", "a/y"));
}

TEST_F(CatalogueTest, FoldersGiveOneLabel) {
  make_files({"a/x.wav"});
  options.tasks = {{"genre", config::TaskKind::kSingle}, {"mood", config::TaskKind::kSingle}};
  EXPECT_THAT(error(), HasSubstr("dataset.tasks"));
}

}  // namespace
}  // namespace chorale::catalogue
