#include "ingest/catalogue/groups.hpp"

#include <gmock/gmock.h>

#include "tree.hpp"

namespace chorale::catalogue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Groups : public CatalogueTest {
 protected:
  Groups() { make_files({"jazz/1-100-A.ogg", "jazz/1-100-B.ogg", "rock/2-200-A.ogg"}); }
};

TEST_F(Groups, AreReadFromThePathByTheFirstCapture) {
  options.group = config::GroupKind::kPattern;
  options.group_pattern = R"(/(\d+-\d+)-(.))";
  EXPECT_THAT(groups(make_catalogue(options)), ElementsAre("1-100", "1-100", "2-200"));
}

TEST_F(Groups, PatternErrorsShowThePatternAndExamples) {
  options.group = config::GroupKind::kPattern;
  options.group_pattern = "(1-.00)";
  EXPECT_THAT(error(), HasSubstr("'(1-.00)' finds no group in 1 of 3 paths, among them rock/2-200-A.ogg"));
  options.group_pattern = "1-100";
  EXPECT_THAT(error(), HasSubstr("captures nothing"));
  options.group_pattern = "(1-100";
  EXPECT_THAT(error(), HasSubstr("no regular expression"));
}

TEST_F(Groups, ArtistsComeFromTheMetadataByPathFilenameOrId) {
  options.group = config::GroupKind::kArtist;
  for (const char* table : {"path,artist\njazz/1-100-A.ogg,Ella\nrock/2-200-A.ogg,\"Bo, and\"\n",
                            "artist,filename\nElla,1-100-A.ogg\n\"Bo, and\",2-200-A.ogg\n",
                            "id,title,artist\njazz/1-100-A,x,Ella\nrock/2-200-A,y,\"Bo, and\"\n"}) {
    touch(folder.path() / "ground_truth.csv", table);
    options.metadata = folder.path().string();
    EXPECT_THAT(groups(make_catalogue(options)), ElementsAre("Ella", "jazz/1-100-B", "Bo, and"))
        << "a track without an artist is its own group\n"
        << table;
  }
}

TEST_F(Groups, ArtistsOfTheTagsAreLeftForTheDecoder) {
  options.group = config::GroupKind::kArtist;
  EXPECT_THAT(groups(make_catalogue(options)), ElementsAre("", "", ""));
}

TEST_F(Groups, MetadataErrorsNameTheFile) {
  options.group = config::GroupKind::kArtist;
  options.metadata = folder.path().string();
  EXPECT_THAT(error(), HasSubstr("neither ground_truth.csv nor metadata.csv"));
  touch(folder.path() / "metadata.csv", "song,artist\nx,Ella\n");
  EXPECT_THAT(error(), HasSubstr("metadata.csv: has none of the columns path, filename, id"));
  touch(folder.path() / "metadata.csv", "id,artist\nx,Ella\n");
  EXPECT_THAT(error(), HasSubstr("names none of the 3 tracks, such as 'jazz/1-100-A'"));
  touch(folder.path() / "metadata.csv", "filename,artist\n1-100-A.ogg,Ella\n1-100-A.ogg,Bo\n");
  EXPECT_THAT(error(),
              HasSubstr("filename '1-100-A.ogg' stands there twice, with the artists 'Ella' and 'Bo'"));
}

}  // namespace
}  // namespace chorale::catalogue
