// Neighbours and scores of retrieval against numpy and scikit-learn: retrieval.json is written by
// make_goldens.py.
#include "eval/embedding/retrieval.hpp"

#include <gtest/gtest.h>

#include <string>

#include "eval/embedding/similarity.hpp"
#include "golden/metrics/golden.hpp"

namespace chorale::eval {
namespace {

constexpr double kTolerance = 1e-6;  // similarities are sums of float products here, of double ones there

struct Case {
  explicit Case(nlohmann::json json) : golden(std::move(json)) {
    const std::size_t n = golden.at("labels").size();
    embeddings = Matrix<float>(n, golden.at("width"));
    golden.at("embeddings").get_to(embeddings.values);
    for (std::size_t i = 0; i < n; ++i)
      marks.push_back({golden.at("labels").at(i), golden.at("artists").at(i)});
  }

  RetrievalScores scores(Relevance relevance, int threads) const {
    std::vector<std::optional<QueryScores>> queries(marks.size());
    for_each_song(embeddings, threads, [&](std::size_t song, std::span<const float> similarities) {
      queries[song] = score_query(similarities, song, marks, relevance);
    });
    return mean_of(queries);
  }

  nlohmann::json golden;
  Matrix<float> embeddings;
  std::vector<SongMark> marks;
};

std::vector<Case> cases() {
  std::vector<Case> result;
  for (const auto& one : testing_support::golden_part("../embedding/retrieval.json", "cases"))
    result.emplace_back(one);
  return result;
}

void expect_equal(const std::optional<double>& ours, const nlohmann::json& expected,
                  const std::string& what) {
  ASSERT_EQ(ours.has_value(), !expected.is_null()) << what;
  if (!ours) return;
  EXPECT_NEAR(*ours, expected.get<double>(), kTolerance) << what;
}

TEST(Retrieval, EqualsScikitLearn) {
  const std::pair<Relevance, const char*> all[] = {
      {Relevance::kSameClass, "same_class"},
      {Relevance::kSameClassOtherArtist, "same_class_other_artist"},
      {Relevance::kSameArtist, "same_artist"}};
  const auto tested = cases();
  ASSERT_EQ(tested.size(), 4u);
  for (const Case& one : tested) {
    for (const auto& [relevance, name] : all) {
      const RetrievalScores ours = one.scores(relevance, 2);
      const auto& expected = one.golden.at(name);
      const std::string what = one.golden.at("name").get<std::string>() + ": " + name;
      EXPECT_EQ(ours.queries, expected.at("queries").get<std::int64_t>()) << what;
      for (std::size_t k = 0; k < kDepths.size(); ++k)
        expect_equal(ours.precision[k], expected.at("precision").at(k), what);
      expect_equal(ours.mean_average_precision, expected.at("mean_average_precision"), what);
      expect_equal(ours.chance, expected.at("chance"), what);
    }
  }
}

TEST(Neighbours, AreNumpys) {
  for (const Case& one : cases()) {
    for_each_song(one.embeddings, 1, [&](std::size_t song, std::span<const float> similarities) {
      const auto found = nearest(similarities, song, 5);
      ASSERT_EQ(found.size(), 5u);
      for (std::size_t k = 0; k < 5; ++k) {
        EXPECT_EQ(found[k].song, one.golden.at("nearest").at(song).at(k).get<std::uint32_t>());
        EXPECT_NEAR(found[k].similarity, one.golden.at("similarity").at(song).at(k).get<double>(),
                    kTolerance);
      }
    });
  }
}

}  // namespace
}  // namespace chorale::eval
