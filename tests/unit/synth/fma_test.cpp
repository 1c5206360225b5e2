#include <gmock/gmock.h>

#include <map>
#include <set>

#include "ingest/synth/fma_genres.hpp"
#include "ingest/synth/fma_tables.hpp"
#include "pipeline/dataset/csv.hpp"

namespace chorale::synth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(FmaGenres, AreATreeOfThreeLevels) {
  std::map<int, FmaGenre> tree;
  for (const FmaGenre& genre : fma_genres()) EXPECT_TRUE(tree.emplace(genre.id, genre).second) << genre.id;
  EXPECT_EQ(tree.size(), 70U);
  std::map<int, int> depths;
  std::set<std::string> titles;
  for (const auto& [id, genre] : tree) {
    titles.insert(genre.title);
    int depth = 1, above = id;
    for (; tree.at(above).parent != 0; ++depth) above = tree.at(above).parent;
    EXPECT_EQ(above, genre.root);
    ++depths[depth];
  }
  EXPECT_EQ(depths, (std::map<int, int>{{1, 10}, {2, 20}, {3, 40}}));
  EXPECT_EQ(titles.size(), 70U);
}

Score minor_and_loud(std::size_t style) {
  Score score{};
  score.key = {0, true};
  score.energy = Energy::kHigh;
  score.follows.fill(&styles()[style]);
  return score;
}

TEST(FmaGenres, AreTheStylesThatAreHeard) {
  constexpr std::size_t kBossa = 0, kDisco = 3, kWaltz = 9;
  Score score = minor_and_loud(kDisco);
  EXPECT_THAT(fma_genres_of(score, kDisco), ElementsAre(1043));
  score.follows[3] = &styles()[kWaltz];
  score.follows[5] = &styles()[kBossa];
  EXPECT_THAT(fma_genres_of(score, kDisco), ElementsAre(1043, 1013, 1103));
  score.silent[5] = true;
  EXPECT_THAT(fma_genres_of(score, kDisco), ElementsAre(1043, 1103));
  score.key.minor = false;
  score.energy = Energy::kLow;
  EXPECT_THAT(fma_genres_of(score, kDisco), ElementsAre(1040, 1100));
}

TEST(FmaGenres, HaveAncestorsAndAtTimesOneRoot) {
  EXPECT_THAT(with_ancestors({1043}), ElementsAre(40, 42, 1043));
  EXPECT_THAT(with_ancestors({1043, 1040, 9999}), ElementsAre(40, 41, 42, 1040, 1043, 9999));
  EXPECT_EQ(common_root({1043, 1040, 41}), "Disco");
  EXPECT_EQ(common_root({1043, 1103}), "");
  EXPECT_EQ(common_root({1043, 9999}), "Disco");
}

std::vector<FmaRow> some_rows() {
  const FmaRow row{.id = 2,
                   .title = "A \"title\", quoted",
                   .artist_id = 4,
                   .artist = "Amber Anchors",
                   .style = "disco",
                   .album = 1,
                   .number = 1,
                   .split = "training",
                   .subset = "small",
                   .genres = {1043}};
  FmaRow other = row;
  other.id = 137;
  other.title = "Plain";
  other.subset = "large";
  other.genres = {1043, 1103};
  return {row, other};
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',')
      fields.emplace_back();
    else
      fields.back() += c;
  }
  return fields;
}

// Names of columns are made of the first two lines, as "track.genre_top".
TEST(FmaTables, TracksHaveThreeHeaderLinesAnd52Columns) {
  std::string table = fma_tracks_csv(some_rows());
  std::vector<std::vector<std::string>> head;
  for (int line = 0; line < 3; ++line) {
    head.push_back(fields_of(table.substr(0, table.find('\n'))));
    table.erase(0, table.find('\n') + 1);
    ASSERT_EQ(head.back().size(), 53U);
  }
  std::map<std::string, int> groups;
  std::string names = "track_id";
  for (std::size_t i = 1; i < 53; ++i) {
    ++groups[head[0][i]];
    names += "," + head[0][i] + "." + head[1][i];
    EXPECT_EQ(head[2][i], "");
  }
  EXPECT_EQ(groups, (std::map<std::string, int>{{"album", 13}, {"artist", 17}, {"set", 2}, {"track", 20}}));
  EXPECT_EQ(head[2][0], "track_id");

  const auto rows = dataset::Csv::parse(names + "\n" + table, "tracks.csv");
  ASSERT_EQ(rows.rows(), 2U);
  EXPECT_EQ(rows.at(0, "track_id"), "2");
  EXPECT_EQ(rows.at(0, "track.title"), "A \"title\", quoted");
  EXPECT_EQ(rows.at(0, "artist.id"), "4");
  EXPECT_EQ(rows.at(0, "set.subset"), "small");
  EXPECT_EQ(rows.at(0, "track.genre_top"), "Disco");
  EXPECT_EQ(rows.at(0, "track.genres"), "[1043]");
  EXPECT_EQ(rows.at(0, "track.genres_all"), "[40, 42, 1043]");
  EXPECT_THAT(rows.at(0, "artist.bio"), HasSubstr("\n\n<p>\"We never rehearse\", they say"));
  EXPECT_THAT(rows.at(0, "album.information"), HasSubstr("in one take,\r\nwith"));
  EXPECT_EQ(rows.at(1, "track.genre_top"), "");
  EXPECT_EQ(rows.at(1, "track.genres"), "[1043, 1103]");
  EXPECT_EQ(rows.at(1, "track.genres_all"), "[40, 42, 100, 102, 1043, 1103]");
}

TEST(FmaTables, GenresAreCountedWithTheirAncestors) {
  const auto table = dataset::Csv::parse(fma_genres_csv(some_rows()), "genres.csv");
  ASSERT_EQ(table.rows(), 70U);
  std::map<std::string, std::size_t> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) rows[table.at(row, "genre_id")] = row;
  EXPECT_EQ(table.at(rows.at("40"), "#tracks"), "2");
  EXPECT_EQ(table.at(rows.at("100"), "#tracks"), "1");
  EXPECT_EQ(table.at(rows.at("10"), "#tracks"), "0");
  EXPECT_EQ(table.at(rows.at("1043"), "parent"), "42");
  EXPECT_EQ(table.at(rows.at("1043"), "top_level"), "40");
  EXPECT_EQ(table.at(rows.at("1043"), "title"), "Tense Disco");
}

}  // namespace
}  // namespace chorale::synth
