#include "pipeline/runtime/magnitude.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace chorale::runtime {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// The odd value at every place, so that it falls into every lane of a vector and into what is left over.
TEST(Magnitude, TheLargestIsFoundAtEveryPlace) {
  for (std::size_t place = 0; place < 37; ++place) {
    for (const float odd : {-5.0F, 5.0F, -kInfinity, std::numeric_limits<float>::max()}) {
      std::vector<float> values(37, -1.5F);
      values[place] = odd;
      EXPECT_EQ(largest_magnitude(values), std::abs(odd)) << place;
      EXPECT_EQ(largest(values), std::max(odd, -1.5F)) << place;
    }
    std::vector<float> values(37, kInfinity);
    values[place] = kNan;
    EXPECT_TRUE(std::isnan(largest_magnitude(values))) << place;
    values[place] = -kNan;
    EXPECT_TRUE(std::isnan(largest_magnitude(values))) << place;
  }
}

TEST(Magnitude, OfZerosAndDenormals) {
  EXPECT_EQ(largest_magnitude({}), 0.0F);
  const std::vector<float> small = {-0.0F, -1e-42F, -1e-40F};
  EXPECT_EQ(largest_magnitude(small), 1e-40F);
  EXPECT_EQ(largest(small), 0.0F);
  EXPECT_EQ(largest(std::vector<float>{-kInfinity, -3.0F}), -3.0F);
}

}  // namespace
}  // namespace chorale::runtime
