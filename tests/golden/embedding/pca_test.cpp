// Principal components against scikit-learn's: pca.json is written by make_goldens.py.
#include "eval/embedding/pca.hpp"

#include <gtest/gtest.h>

#include "golden/metrics/golden.hpp"

namespace chorale::eval {
namespace {

constexpr double kTolerance = 1e-6;  // of scores of about 10

TEST(Pca, EqualsScikitLearn) {
  const auto cases = testing_support::golden_part("../embedding/pca.json", "cases");
  ASSERT_EQ(cases.size(), 4u);
  for (const auto& one : cases) {
    const std::size_t width = one.at("width"), components = one.at("components");
    Matrix<float> rows(one.at("rows").size() / width, width);
    one.at("rows").get_to(rows.values);
    const Pca ours = pca(rows, components, 2);
    ASSERT_EQ(ours.scores.width, components) << one.at("name");
    for (std::size_t i = 0; i < ours.scores.values.size(); ++i)
      EXPECT_NEAR(ours.scores.values[i], one.at("scores").at(i).get<double>(), kTolerance)
          << one.at("name") << i;
    for (std::size_t c = 0; c < components; ++c)
      EXPECT_NEAR(ours.explained[c], one.at("explained").at(c).get<double>(), 1e-9) << one.at("name") << c;
  }
}

}  // namespace
}  // namespace chorale::eval
