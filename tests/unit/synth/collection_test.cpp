#include "ingest/synth/collection.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "pipeline/dataset/csv.hpp"

namespace chorale::synth {
namespace {

using ::testing::MatchesRegex;

const Options kOptions{.tracks_per_class = 7, .seconds = 2.0, .seed = 3, .artists_per_class = 3};

TEST(GroundTruth, HasOneRowATrackWithEveryColumn) {
  const Collection collection("unused", kOptions);
  const auto table = dataset::Csv::parse(collection.ground_truth(), "ground truth");
  ASSERT_EQ(table.rows(), 70U);
  EXPECT_EQ(table.at(0, "path"), "genres/bossa/bossa.00000.wav");
  EXPECT_EQ(table.at(69, "path"), "genres/waltz/waltz.00006.wav");
  std::map<std::string, std::set<std::string>> artists;
  const std::set<std::string> moods = {"happy", "tense", "tender", "sad"};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& genre = table.at(row, "genre");
    artists[genre].insert(table.at(row, "artist"));
    EXPECT_THAT(table.at(row, "path"), MatchesRegex("genres/" + genre + "/" + genre + "\\.0000[0-6]\\.wav"));
    EXPECT_THAT(table.at(row, "tempo"), MatchesRegex("[0-9]+\\.[05]"));
    EXPECT_THAT(table.at(row, "key"), MatchesRegex("[A-G]#?:m(aj|in)"));
    EXPECT_TRUE(moods.contains(table.at(row, "mood")));
  }
  EXPECT_EQ(artists.size(), 10U);
  for (const auto& [genre, names] : artists) EXPECT_EQ(names.size(), 3U) << genre;
}

TEST(GroundTruth, OfATrackDoesNotDependOnHowManyThereAre) {
  Options more = kOptions;
  more.tracks_per_class = 20;
  const Collection small("unused", kOptions), large("unused", more);
  EXPECT_EQ(small.music().artist(7 + 2).name, large.music().artist(20 + 2).name);
  EXPECT_EQ(small.music().score(7 + 2).tempo, large.music().score(20 + 2).tempo);
  EXPECT_EQ(small.path(7 + 2), large.path(20 + 2));
}

TEST(GroundTruth, NamesTheFilesOfTheLayout) {
  Options options = kOptions;
  options.layout = "fma";
  const Collection collection("unused", options);
  const auto table = dataset::Csv::parse(collection.ground_truth(), "ground truth");
  ASSERT_EQ(table.rows(), 70U);
  std::set<std::string> paths;
  for (std::size_t row = 0; row < table.rows(); ++row) paths.insert(table.at(row, "path"));
  EXPECT_EQ(paths.size(), 70U);
  EXPECT_THAT(paths, ::testing::Each(MatchesRegex("fma_large/[0-9][0-9][0-9]/[0-9]+\\.mp3")));
  EXPECT_EQ(table.at(0, "path"), "fma_large/000/000001.mp3");
}

TEST(Collections, KnowTheirLayouts) {
  Options options = kOptions;
  options.layout = "cassette";
  EXPECT_THROW(Collection("unused", options), CollectionError);
}

TEST(GroundTruth, DiffersForAnotherSeed) {
  Options other = kOptions;
  other.seed = 4;
  EXPECT_EQ(Collection("a", kOptions).ground_truth(), Collection("b", kOptions).ground_truth());
  EXPECT_NE(Collection("a", kOptions).ground_truth(), Collection("b", other).ground_truth());
}

}  // namespace
}  // namespace chorale::synth
