#include "pipeline/store/half.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace chorale::store {
namespace {

// All 65,536 halves, converted by HDF5 with its own description of IEEE binary16.
std::vector<float> floats_by_hdf5() {
  const hid_t half = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_size(half, 2);
  H5Tset_ebias(half, 15);
  std::vector<float> values(65536);
  auto* bits = reinterpret_cast<std::uint16_t*>(values.data());
  for (std::uint32_t i = 0; i < 65536; ++i) bits[i] = static_cast<std::uint16_t>(i);
  EXPECT_GE(H5Tconvert(half, H5T_NATIVE_FLOAT, values.size(), values.data(), nullptr, H5P_DEFAULT), 0);
  H5Tclose(half);
  return values;
}

TEST(Half, EveryValueBecomesTheFloatHdf5Finds) {
  const auto expected = floats_by_hdf5();
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const float value = float_from_half(static_cast<std::uint16_t>(i));
    if (std::isnan(expected[i])) {
      ASSERT_TRUE(std::isnan(value)) << i;
    } else {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(value), std::bit_cast<std::uint32_t>(expected[i])) << i;
    }
  }
}

TEST(Half, EveryValueComesBackFromItsFloat) {
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const float value = float_from_half(static_cast<std::uint16_t>(i));
    if (!std::isnan(value)) {
      ASSERT_EQ(half_from_float(value), i);
    }
  }
}

// Between two neighbours: their middle goes to the even one, a float to either side of it to the nearer one.
TEST(Half, RoundsToNearestAndTiesToEven) {
  for (std::uint16_t low = 0; low < 0x7bff; ++low) {
    const auto high = static_cast<std::uint16_t>(low + 1);
    const float middle = 0.5F * (float_from_half(low) + float_from_half(high));
    const std::uint16_t even = low % 2 == 0 ? low : high;
    ASSERT_EQ(half_from_float(middle), even) << low;
    ASSERT_EQ(half_from_float(std::nextafter(middle, 0.0F)), low) << low;
    ASSERT_EQ(half_from_float(std::nextafter(middle, 1e9F)), high) << low;
    ASSERT_EQ(half_from_float(-middle), even | 0x8000) << low;
  }
}

// The loops, which are compiled apart, give the same bits; also from an odd address.
TEST(Half, ArraysAreConvertedAsSingleValuesAre) {
  std::vector<std::uint16_t> halves(65536);
  std::vector<float> floats(65536);
  std::vector<std::byte> bytes(1 + 2 * halves.size());
  for (std::uint32_t i = 0; i < 65536; ++i) halves[i] = static_cast<std::uint16_t>(i);
  std::memcpy(bytes.data() + 1, halves.data(), 2 * halves.size());
  floats_from_halves(bytes.data() + 1, halves.size(), floats.data());
  for (std::uint32_t i = 0; i < 65536; ++i) {
    ASSERT_EQ(std::bit_cast<std::uint32_t>(floats[i]),
              std::bit_cast<std::uint32_t>(float_from_half(halves[i])))
        << i;
  }
  for (float& value : floats) value = std::nextafter(value, 0.0F);
  halves_from_floats(floats, halves.data());
  for (std::uint32_t i = 0; i < 65536; ++i) ASSERT_EQ(halves[i], half_from_float(floats[i])) << i;
}

TEST(Half, BeyondItsRangeIsInfinityAndNanStaysNan) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(half_from_float(65504.0F), 0x7bff);
  EXPECT_EQ(half_from_float(std::nextafter(65520.0F, 0.0F)), 0x7bff);
  EXPECT_EQ(half_from_float(65520.0F), 0x7c00);
  EXPECT_EQ(half_from_float(1e30F), 0x7c00);
  EXPECT_EQ(half_from_float(-kInfinity), 0xfc00);
  EXPECT_EQ(half_from_float(std::numeric_limits<float>::quiet_NaN()), 0x7e00);
  EXPECT_EQ(half_from_float(std::numeric_limits<float>::denorm_min()), 0);
}

}  // namespace
}  // namespace chorale::store
