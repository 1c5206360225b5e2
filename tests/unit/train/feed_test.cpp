#include "train/data/feed.hpp"

#include <gtest/gtest.h>

#include "pipeline/runtime/error.hpp"

namespace chorale::train {
namespace {

using enum config::Residency;

TEST(ChooseResidency, KeepsFramesOnAGpuThatHasRoomForThem) {
  const torch::Device gpu(torch::kCUDA, 0);
  EXPECT_EQ(choose_residency(kAuto, gpu, 100, 200), kDevice);
  EXPECT_EQ(choose_residency(kAuto, gpu, 101, 200), kStream);
  EXPECT_EQ(choose_residency(kAuto, torch::kCPU, 1, 0), kStream);
  EXPECT_EQ(choose_residency(kDevice, gpu, 199, 200), kDevice);
  EXPECT_THROW(choose_residency(kDevice, gpu, 200, 200), runtime::UsageError);
  EXPECT_EQ(choose_residency(kDevice, torch::kCPU, 100, 0), kDevice);
  EXPECT_EQ(choose_residency(kHost, gpu, 1000, 200), kHost);
}

}  // namespace
}  // namespace chorale::train
