#include "ingest/catalogue/fma.hpp"

#include <gmock/gmock.h>

#include <map>

#include "tree.hpp"

namespace chorale::catalogue {
namespace {

using config::TaskKind;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Rock (12) has Punk (25), which has Hardcore (31); Jazz (4) and Folk (17) are roots.
constexpr const char* kGenres =
    "genre_id,#tracks,parent,title,top_level\n"
    "12,3,0,Rock,12\n25,2,12,Punk,12\n4,1,0,Jazz,4\n31,1,25,Hardcore,12\n17,0,0,Folk,17\n";

constexpr const char* kHeader =
    ",album,artist,set,set,track,track,track\n"
    ",title,id,split,subset,genre_top,genres,genres_all\n"
    "track_id,,,,,,,\n";

class Fma : public CatalogueTest {
 protected:
  Fma() {
    options.kind = config::DatasetKind::kFma;
    options.subset = "medium";
    options.tasks = {{"genre_top", TaskKind::kSingle}};
    options.metadata = (folder.path() / "fma_metadata").string();
    genres(kGenres);
    tracks(
        "2,\"A \"\"quoted\"\",\r\ntitle\",1,training,small,Rock,\"[25]\",\"[25, 12]\"\n"
        "3,x,1,training,medium,,\"[31, 4]\",\"[31, 25, 12, 4]\"\n"
        "134,x,7,test,small,Jazz,[4],[4]\n"
        "1500,x,8,validation,large,Rock,[12],[12]\n");
    make_files({"000/000002.mp3", "000/000003.mp3", "000/000134.mp3", "001/001500.mp3"});
  }
  void tracks(const std::string& rows) { touch(folder.path() / "fma_metadata/tracks.csv", kHeader + rows); }
  void genres(const std::string& rows) { touch(folder.path() / "fma_metadata/genres.csv", rows); }

  std::map<std::string, std::vector<std::string>> labels(const Catalogue& catalogue, std::size_t task) const {
    std::map<std::string, std::vector<std::string>> result;
    for (const Entry& entry : catalogue.entries) {
      auto& names = result[entry.track.id];
      const auto& label = entry.track.labels.at(task);
      if (!label.known) names.emplace_back("?");
      for (const std::int32_t cls : label.classes)
        names.push_back(catalogue.tasks[task].classes[static_cast<std::size_t>(cls)]);
    }
    return result;
  }
  std::vector<std::string> refused(const Catalogue& catalogue) const {
    std::vector<std::string> lines;
    for (const auto& [path, stage, reason] : catalogue.refused)
      lines.push_back(stage + " " + path + ": " + reason);
    return lines;
  }
};

TEST_F(Fma, TakesTheSubsetAndThoseBelowItWithTheOfficialSplit) {
  const Catalogue catalogue = make_catalogue(options);
  EXPECT_THAT(ids(catalogue), ElementsAre("000002", "000003", "000134"));
  EXPECT_EQ(catalogue.entries[2].track.path, "000/000134.mp3");
  EXPECT_EQ(catalogue.entries[0].track.split, "training");
  EXPECT_EQ(catalogue.entries[2].track.split, "test");
  EXPECT_THAT(catalogue.refused, IsEmpty()) << "001500 is of a larger subset";
  options.subset = "small";
  EXPECT_THAT(ids(make_catalogue(options)), ElementsAre("000002", "000134"));
  options.subset = "full";
  EXPECT_THAT(ids(make_catalogue(options)), ElementsAre("000002", "000003", "000134", "001500"));
}

TEST_F(Fma, EveryGenreColumnIsATask) {
  options.tasks = {{"genre", TaskKind::kSingle},
                   {"genres", TaskKind::kMulti},
                   {"genres_all", TaskKind::kMulti},
                   {"genre_roots", TaskKind::kMulti}};
  const Catalogue catalogue = make_catalogue(options);
  using Labels = std::map<std::string, std::vector<std::string>>;
  EXPECT_THAT(catalogue.tasks[0].classes, ElementsAre("Jazz", "Rock"))
      << "in the order of genre_id, those that occur";
  EXPECT_EQ(labels(catalogue, 0), (Labels{{"000002", {"Rock"}}, {"000003", {"?"}}, {"000134", {"Jazz"}}}));
  EXPECT_THAT(catalogue.tasks[1].classes, ElementsAre("Jazz", "Punk", "Hardcore"));
  EXPECT_EQ(labels(catalogue, 1),
            (Labels{{"000002", {"Punk"}}, {"000003", {"Jazz", "Hardcore"}}, {"000134", {"Jazz"}}}));
  EXPECT_EQ(labels(catalogue, 2)["000003"], (std::vector<std::string>{"Jazz", "Rock", "Punk", "Hardcore"}));
  EXPECT_EQ(labels(catalogue, 3)["000003"], (std::vector<std::string>{"Jazz", "Rock"}));
}

TEST_F(Fma, ArtistsAreGroups) {
  options.group = config::GroupKind::kArtist;
  EXPECT_THAT(groups(make_catalogue(options)), ElementsAre("1", "1", "7"));
  options.group = config::GroupKind::kTrack;
  EXPECT_THAT(groups(make_catalogue(options)), ElementsAre("000002", "000003", "000134"));
}

TEST_F(Fma, ClipsMayLieBelowOneFolderAndTheMetadataBesideThem) {
  std::filesystem::remove_all(root);
  std::filesystem::rename(folder.path() / "fma_metadata", folder.path() / "tables");
  options.metadata.clear();
  for (const char* name : {"tracks.csv", "genres.csv"}) {
    std::filesystem::create_directories(root / "fma_metadata");
    std::filesystem::copy_file(folder.path() / "tables" / name, root / "fma_metadata" / name);
  }
  make_files({"fma_medium/000/000002.mp3", "fma_medium/000/000003.mp3", "fma_medium/000/000134.mp3",
              "fma_medium/checksums"});
  EXPECT_EQ(make_catalogue(options).entries[0].track.path, "fma_medium/000/000002.mp3");
  make_files({"fma_small/000/000002.mp3", "fma_small/000/000134.mp3"});
  EXPECT_EQ(make_catalogue(options).entries.size(), 3U) << "fma_medium, as dataset.subset says";
  options.subset = "large";
  EXPECT_THAT(error(), HasSubstr("clips lie in several folders (fma_medium/, fma_small/)"));
}

TEST_F(Fma, WhatIsMissingOnOneSideIsRefusedAndListed) {
  std::filesystem::remove(root / "000/000003.mp3");
  make_files({"000/000009.mp3", "000/000777.ogg", "123/000134.mp3"});
  const Catalogue catalogue = make_catalogue(options);
  EXPECT_THAT(ids(catalogue), ElementsAre("000002", "000134"));
  EXPECT_THAT(refused(catalogue),
              ElementsAre("catalogue 000/000003.mp3: tracks.csv names this track, but there is no such file",
                          "catalogue 000/000009.mp3: tracks.csv does not name this clip",
                          "catalogue 000/000777.ogg: does not lie as 000/000002.mp3",
                          "catalogue 123/000134.mp3: does not lie as 000/000002.mp3"));
}

TEST_F(Fma, GenresOutsideTheSchemaAreRefusedWhereATaskNeedsThem) {
  tracks(
      "2,x,1,training,small,Rock,\"[25, "
      "999]\",[12]\n3,x,1,test,small,Punk,[4],[4]\n134,x,1,test,small,Jazz,[4],4\n");
  EXPECT_THAT(refused(make_catalogue(options)),
              ElementsAre("catalogue 000/000003.mp3: its genre_top \"Punk\" is no root genre of genres.csv",
                          HasSubstr("does not name")));
  options.tasks = {{"genres", TaskKind::kMulti}};
  EXPECT_THAT(refused(make_catalogue(options)),
              ElementsAre("catalogue 000/000002.mp3: its genre 999 is not in genres.csv",
                          HasSubstr("does not name")));
  options.tasks = {{"genres_all", TaskKind::kMulti}};
  EXPECT_THAT(refused(make_catalogue(options)),
              ElementsAre("catalogue 000/000134.mp3: its genres are no list of numbers: 4",
                          HasSubstr("does not name")));
}

TEST_F(Fma, EveryFaultOfTheTablesIsReportedWithItsLine) {
  tracks(
      "2,x,1,training,small,Rock,[25],[25]\ntwo,x,1,training,small,Rock,[25],[25]\n2,x,1,training,small,Rock,"
      "[25],[25]\n"
      "3,x,1,training,tiny,Rock,[25],[25]\n4,x,1,dev,small,Rock,[25],[25]\n5,x,1\n");
  EXPECT_THAT(error(),
              AllOf(HasSubstr("5 errors in"), HasSubstr("tracks.csv:5: the track_id \"two\" is no number"),
                    HasSubstr("tracks.csv:6: track 2 stands there twice"),
                    HasSubstr("tracks.csv:7: track 3: unknown set.subset \"tiny\""),
                    HasSubstr("tracks.csv:8: track 4: unknown set.split \"dev\""),
                    HasSubstr("tracks.csv:9: the row has 3 fields, the header 8")));
  touch(folder.path() / "fma_metadata/tracks.csv", "track_id,genre\n2,Rock\n");
  EXPECT_THAT(error(), HasSubstr("not the header of FMA's tracks.csv"));
  touch(folder.path() / "fma_metadata/tracks.csv", ",set,track\n,split,genres\ntrack_id,,\n");
  EXPECT_THAT(error(), AllOf(HasSubstr("there is no column subset of group set"),
                             HasSubstr("no column id of group artist")));
  tracks("2,x,1,training,small,R\xe9ggae,[25],[25]\n");
  EXPECT_THAT(error(), HasSubstr("tracks.csv:4: track 2: its genre_top is not UTF-8"));
  tracks("2,\"x,1\n");
  EXPECT_THAT(error(), HasSubstr("tracks.csv:4: a quoted field has no closing quote"));
}

TEST_F(Fma, TheGenreTreeIsChecked) {
  genres(
      "genre_id,#tracks,parent,title,top_level\n1,0,2,A,1\n2,0,1,B,1\n3,0,9,C,3\n4,0,0,D,5\n4,0,0,E,4\n6,0,x,"
      "F,6\n7,0\n");
  EXPECT_THAT(error(), AllOf(HasSubstr("genres.csv:7: genre_id, parent and top_level must be numbers"),
                             HasSubstr("genres.csv:8: the row has 2 fields"),
                             HasSubstr("genre 1: its parents lead to no root"),
                             HasSubstr("genre 3: its parents lead to no root"),
                             HasSubstr("genre 4 stands there twice"),
                             HasSubstr("genre 4: its top_level is 5, but its parents lead to 4")));
  genres("genre_id,#tracks,parent,title,top_level\n1,0,0,R\xe9ggae,1\n");
  EXPECT_THAT(error(), HasSubstr("genres.csv:2: genre 1: its title is not UTF-8"));
  genres("id,name\n1,Rock\n");
  EXPECT_THAT(error(), AllOf(HasSubstr("no column genre_id"), HasSubstr("no column top_level")));
}

TEST_F(Fma, WrongSettingsAreNamed) {
  options.subset = "";
  EXPECT_THAT(error(), HasSubstr("dataset.subset: found \"\", expected small, medium, large or full"));
  options.subset = "medium";
  options.tasks = {{"genres", TaskKind::kSingle}};
  EXPECT_THAT(error(), HasSubstr("dataset.tasks: FMA has no task genres of this kind"));
  options.tasks = {{"mood", TaskKind::kSingle}};
  EXPECT_THAT(error(), HasSubstr("genre_top = \"single\""));
  options.tasks = {{"genre", TaskKind::kSingle}};
  options.metadata = root.string();
  EXPECT_THAT(error(), HasSubstr("tracks.csv and genres.csv are not there"));
  options.metadata.clear();
  EXPECT_THAT(error(), HasSubstr("Set dataset.metadata"));
  std::filesystem::remove_all(root);
  make_files({"clips/one.mp3"});
  EXPECT_THAT(error(), HasSubstr("no clip lies there as 000/000002.mp3"));
}

}  // namespace
}  // namespace chorale::catalogue
