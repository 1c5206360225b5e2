#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "eval/embedding/collector.hpp"
#include "eval/embedding/pca.hpp"
#include "eval/embedding/song_map.hpp"
#include "eval/embedding/song_search.hpp"
#include "eval/embedding/tsne.hpp"
#include "pipeline/runtime/random.hpp"
#include "support/npy.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing_support::TemporaryFolder;

Matrix<float> noise(std::size_t rows, std::size_t width) {
  Matrix<float> result(rows, width);
  runtime::RandomStream random(7);
  for (float& value : result.values) value = static_cast<float>(random.normal());
  return result;
}

constexpr auto kLeftOut = EmbeddingCollector::kLeftOut;

TEST(EmbeddingCollector, WritesSlicesAndTheMeansOfSongs) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "embeddings.npy";
  EmbeddingCollector collector(file, {0, 1, kLeftOut, 0});
  collector.add(std::vector<float>{1, 2, 3, 4}, 2);
  collector.add(std::vector<float>{9, 9, 5, 8}, 2);
  EXPECT_FALSE(fs::exists(file)) << "before it is complete";
  const Matrix<float> songs = collector.finish();
  EXPECT_EQ(songs.rows, 2u);
  EXPECT_THAT(songs.values, ElementsAre(3, 5, 3, 4));
  EXPECT_THAT(testing_support::read_npy<float>(file), ElementsAre(1, 2, 3, 4, 5, 8));
  EXPECT_EQ(fs::file_size(file) % 64, 24u) << "values begin at a multiple of 64 bytes";
}

TEST(EmbeddingCollector, LeavesNoFileOfHalfTheSlices) {
  const TemporaryFolder folder;
  {
    EmbeddingCollector collector(folder.path() / "embeddings.npy", {0, 0});
    collector.add(std::vector<float>{1, 2}, 2);
    EXPECT_THROW(collector.finish(), std::logic_error);
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

// Songs 0 and 2 point the same way, song 1 at a right angle, song 3 has no direction.
Matrix<float> four_songs() {
  Matrix<float> songs(4, 2);
  songs.values = {3, 0, 0, 5, 7, 0, 0, 0};
  return songs;
}

TEST(Similarity, IsTheCosineAndNoughtOfNoughts) {
  std::vector<std::vector<float>> rows(4);
  for_each_song(four_songs(), 1, [&](std::size_t song, std::span<const float> similarities) {
    rows[song].assign(similarities.begin(), similarities.end());
  });
  EXPECT_THAT(rows[0], ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(rows[1], ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(rows[3], ElementsAre(0, 0, 0, 0));
}

TEST(Neighbours, OfEqualOnesTheEarlierComesFirst) {
  const std::vector<float> similarities = {0.5F, 0.9F, 0.5F, 0.9F, 1};
  std::vector<std::uint32_t> songs;
  for (const Neighbour& one : nearest(similarities, 4, 10)) songs.push_back(one.song);
  EXPECT_THAT(songs, ElementsAre(1, 3, 0, 2));
}

// Asked for song 0 of class 0 and artist 0; the order is 1, 2, 3, 4.
TEST(Retrieval, ByHand) {
  const std::vector<float> similarities = {1, 0.9F, 0.8F, 0.7F, 0.6F};
  const std::vector<SongMark> marks = {{0, 0}, {0, 0}, {1, 1}, {0, 2}, {1, 3}};
  const auto same_class = score_query(similarities, 0, marks, Relevance::kSameClass).value();
  EXPECT_DOUBLE_EQ(same_class.precision[0], 1);
  EXPECT_DOUBLE_EQ(same_class.precision[1], 2.0 / 5);
  EXPECT_DOUBLE_EQ(same_class.average_precision, (1.0 / 1 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(same_class.chance, 2.0 / 4);
  const auto other_artist = score_query(similarities, 0, marks, Relevance::kSameClassOtherArtist).value();
  EXPECT_DOUBLE_EQ(other_artist.precision[0], 0);
  EXPECT_DOUBLE_EQ(other_artist.average_precision, 1.0 / 2);
  EXPECT_EQ(other_artist.candidates, 3u);
  const auto same_artist = score_query(similarities, 0, marks, Relevance::kSameArtist).value();
  EXPECT_DOUBLE_EQ(same_artist.average_precision, 1);
  EXPECT_FALSE(score_query(similarities, 3, marks, Relevance::kSameArtist)) << "nothing to find";
}

TEST(Retrieval, WithoutQueriesThereIsNoScore) {
  const RetrievalScores none = mean_of(std::vector<std::optional<QueryScores>>(3));
  EXPECT_EQ(none.queries, 0);
  EXPECT_FALSE(none.precision[0]);
  EXPECT_FALSE(none.mean_average_precision);
}

TEST(SongSearch, IsTheSameOnAnyNumberOfThreads) {
  const Matrix<float> songs = noise(150, 20);
  std::vector<SongMark> marks;
  for (std::int32_t i = 0; i < 150; ++i) marks.push_back({i % 3, i / 4});
  const SongSearch one = search(songs, marks, 3, 1), three = search(songs, marks, 3, 3);
  EXPECT_EQ(*one.same_class.mean_average_precision, *three.same_class.mean_average_precision);
  ASSERT_EQ(one.class_of_query.size(), 3u);
  EXPECT_EQ(one.class_of_query[1].queries, 50);
  for (std::size_t i = 0; i < 150; ++i) {
    ASSERT_EQ(one.neighbours[i].size(), kNeighbours);
    for (std::size_t k = 0; k < kNeighbours; ++k) {
      EXPECT_EQ(one.neighbours[i][k].song, three.neighbours[i][k].song);
      EXPECT_EQ(one.neighbours[i][k].similarity, three.neighbours[i][k].similarity);
    }
  }
}

TEST(SongMap, IsTheSameOnAnyNumberOfThreads) {
  const Matrix<float> songs = noise(120, 70);
  const SongMap one = map_songs(songs, 1), three = map_songs(songs, 3);
  EXPECT_EQ(one.songs.size(), 120u);
  EXPECT_DOUBLE_EQ(one.perplexity, 30);
  EXPECT_EQ(one.pca, three.pca);
  EXPECT_EQ(one.tsne, three.tsne);
}

TEST(SongMap, OfManySongsTheSameOnesAreDrawn) {
  const Matrix<float> songs = noise(60, 5);
  const SongMap first = map_songs(songs, 2, 25), again = map_songs(songs, 1, 25);
  EXPECT_EQ(first.songs.size(), 25u);
  EXPECT_TRUE(std::ranges::is_sorted(first.songs));
  EXPECT_EQ(first.songs, again.songs);
  EXPECT_GT(first.songs.back(), 25u) << "not simply the first ones";
  EXPECT_DOUBLE_EQ(first.perplexity, 8) << "a third of the other songs";
}

TEST(SongMap, LeavesOutWhatTooFewSongsDoNotAllow) {
  EXPECT_TRUE(map_songs(noise(2, 5), 1).songs.empty());
  const SongMap few = map_songs(noise(9, 5), 1);
  EXPECT_EQ(few.pca.size(), 9u);
  EXPECT_TRUE(few.tsne.empty());
  const SongMap narrow = map_songs(noise(12, 1), 1);
  EXPECT_DOUBLE_EQ(narrow.explained[0], 1);
  EXPECT_DOUBLE_EQ(narrow.pca[5][1], 0) << "there is no second component";
  EXPECT_EQ(narrow.tsne.size(), 12u);
  EXPECT_TRUE(map_songs(Matrix<float>(12, 4), 1).songs.empty()) << "all the same";
}

TEST(Tsne, PartsPointsThatAreTheSame) {
  Matrix<float> rows = noise(30, 3);
  for (std::size_t i = 0; i < 15; ++i) std::ranges::copy(rows.row(0), rows.row(i).begin());
  const auto layout = tsne(pca(rows, 3, 1).scores);
  for (const Point& point : layout) EXPECT_TRUE(std::isfinite(point[0]) && std::isfinite(point[1]));
  EXPECT_NE(layout[0], layout[1]);
}

// Each point's pull on each other, one by one.
TEST(QuadTree, WithoutGroupsIsTheSumOverAllPoints) {
  std::vector<Point> points;
  runtime::RandomStream random(3);
  for (int i = 0; i < 200; ++i) points.push_back({random.normal(), random.normal()});
  for (int i = 0; i < 20; ++i) points.push_back(points.front());
  const QuadTree tree(points);
  for (const Point& at : {points[0], points[50]}) {
    QuadTree::Repulsion expected;
    for (const Point& other : points) {
      const double x = at[0] - other[0], y = at[1] - other[1], weight = 1 / (1 + x * x + y * y);
      expected.weight += weight;
      expected.force[0] += weight * weight * x;
      expected.force[1] += weight * weight * y;
    }
    const QuadTree::Repulsion exact = tree.repulsion(at, 0), grouped = tree.repulsion(at, 0.5);
    EXPECT_NEAR(exact.weight, expected.weight, 1e-10);
    EXPECT_NEAR(exact.force[0], expected.force[0], 1e-10);
    EXPECT_NEAR(exact.force[1], expected.force[1], 1e-10);
    EXPECT_NEAR(grouped.weight, expected.weight, 0.01 * expected.weight);
  }
}

}  // namespace
}  // namespace chorale::eval
