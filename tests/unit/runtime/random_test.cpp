#include "pipeline/runtime/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace chorale::runtime {
namespace {

TEST(RandomStream, RepeatsForTheSameKeysAndDiffersForOthers) {
  RandomStream a(7, {1, 2}), b(7, {1, 2}), c(7, {2, 1}), d(8, {1, 2});
  const auto first = a.next();
  EXPECT_EQ(first, b.next());
  EXPECT_NE(first, c.next());
  EXPECT_NE(first, d.next());
}

// 100,000 draws: the mean of n uniform draws has a standard deviation of 1/sqrt(12 n) = 0.0009; 5 of them
// allowed.
TEST(RandomStream, UniformAndNormalHaveTheirMoments) {
  RandomStream stream(1);
  constexpr int kDraws = 100'000;
  double uniform = 0, normal = 0, square = 0;
  for (int i = 0; i < kDraws; ++i) {
    uniform += stream.uniform();
    const double x = stream.normal();
    normal += x;
    square += x * x;
  }
  EXPECT_NEAR(uniform / kDraws, 0.5, 0.0046);
  EXPECT_NEAR(normal / kDraws, 0.0, 0.016);
  EXPECT_NEAR(square / kDraws, 1.0, 0.023);
}

TEST(RandomStream, PermutationHoldsEveryIndexOnce) {
  auto order = permutation(1000, RandomStream(3, {key_of("epoch"), 5}));
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (std::uint32_t i = 0; i < order.size(); ++i) ASSERT_EQ(order[i], i);
}

}  // namespace
}  // namespace chorale::runtime
