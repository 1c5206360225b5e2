#include "pipeline/samples/parts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/dataset/split.hpp"
#include "small_store.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::samples {
namespace {

using config::Part;
using testing::ElementsAre;
using testing::HasSubstr;

struct Song {
  std::string group, split;
  std::uint64_t source = 0;
};

store::Store make_songs(const std::filesystem::path& folder, const std::vector<Song>& songs) {
  const store::StoreHeader header{.config_text = "",
                                  .config_hash = "0123456789abcdef",
                                  .program_version = "0.1.0",
                                  .tasks = {{"genre", config::TaskKind::kSingle, {"rock"}}},
                                  .features = {testing_support::mel_feature(kBins)}};
  store::ShardWriter writer(header, 0, "catalogue");
  for (std::size_t i = 0; i < songs.size(); ++i) {
    store::StoredTrack row;
    row.track.id = row.track.path = std::to_string(i);
    row.track.group = songs[i].group;
    row.track.split = songs[i].split;
    row.track.labels = {dataset::Label::of_class(0)};
    row.source_hash = songs[i].source;
    testing_support::add_mel(writer, row, std::vector<float>(kBins, -1));
  }
  writer.write(folder);
  store::write_index(folder, header, 1);
  return store::Store::open(folder);
}

TEST(Parts, CopiesAreKeptApartByTheHashesOfTheStore) {
  const testing_support::TemporaryFolder folder;
  const store::Store store = make_songs(
      folder.path(), {{"", "training", 7}, {"", "test", 7}, {"", "validation", 8}, {"", "training", 9}});
  config::Experiment experiment;
  experiment.split.kind = config::SplitKind::kOfficial;
  const auto parts = make_parts(store, experiment);
  EXPECT_THAT(parts, ElementsAre(Part::kNone, Part::kTest, Part::kValidation, Part::kTrain));
  EXPECT_EQ(count_copies_left_out(store, parts), 1U);
  EXPECT_THAT(find_copies(store), ElementsAre(ElementsAre(0, 1)));
}

// Group "artist", but no artist was known: each song is a group of its own.
TEST(Parts, ARandomSplitThatKnowsNoArtistIsRefusedUnlessAskedFor) {
  const testing_support::TemporaryFolder folder;
  const store::Store store = make_store(folder.path(), std::vector<std::size_t>(40, 2));
  config::Experiment experiment;
  experiment.dataset.kind = config::DatasetKind::kGtzan;
  experiment.dataset.group = config::GroupKind::kArtist;
  EXPECT_TRUE(artists_are_ignored(store, experiment));
  try {
    make_parts(store, experiment);
    FAIL() << "expected SplitError";
  } catch (const dataset::SplitError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the artists of most of its tracks are not known"));
    EXPECT_THAT(error.what(), HasSubstr("split.artists = \"ignore\""));
  }
  experiment.split.artists = config::Artists::kIgnore;
  EXPECT_EQ(make_parts(store, experiment).size(), 40U);
  experiment.dataset.kind = config::DatasetKind::kFolder;
  EXPECT_FALSE(artists_are_ignored(store, experiment)) << "nothing is known of such a collection";
}

TEST(Parts, ArtistsAreIgnoredWhereThoseOfMoreThanHalfAreNotKnown) {
  config::Experiment experiment;
  experiment.dataset.kind = config::DatasetKind::kGtzan;
  const auto ignored = [&](const std::vector<Song>& songs) {
    const testing_support::TemporaryFolder folder;
    return artists_are_ignored(make_songs(folder.path(), songs), experiment);
  };
  EXPECT_FALSE(ignored({{"Ella", "", 1}, {"Ella", "", 2}, {"2", "", 3}}));
  EXPECT_FALSE(ignored({{"Ella", "", 1}, {"1", "", 2}}));
  EXPECT_TRUE(ignored({{"Ella", "", 1}, {"1", "", 2}, {"2", "", 3}}));
}

}  // namespace
}  // namespace chorale::samples
