#include "pipeline/device/copies.hpp"

#include <gtest/gtest.h>

#include "pipeline/device/gpus.hpp"
#include "support/device.hpp"

namespace chorale::device {
namespace {

using testing_support::test_device;

TEST(Upload, KeepsValuesAndLayoutAndTakesThemAtOnce) {
  const Stream stream(test_device());
  auto host = torch::rand({3, 5, 4}).transpose(1, 2);
  const auto expected = host.clone();
  const auto copy = upload(host, test_device());
  host.zero_();
  EXPECT_EQ(copy.device(), test_device());
  EXPECT_EQ(copy.strides(), expected.strides());
  EXPECT_TRUE(torch::equal(copy.cpu(), expected));
  EXPECT_EQ(upload(torch::empty({0, 7}), test_device()).sizes(), (std::vector<std::int64_t>{0, 7}));
  EXPECT_FALSE(upload({}, test_device()).defined());
}

// What is computed from an upload has it, and memory that a former one has given back is not reused too
// early.
TEST(Upload, ComesBeforeWhatUsesIt) {
  const Stream stream(test_device());
  auto sum = torch::zeros({1 << 20}, torch::device(test_device()));
  for (int i = 1; i <= 50; ++i) sum += upload(torch::full({1 << 20}, static_cast<float>(i)), test_device());
  EXPECT_EQ(sum.min().item<float>(), 1275.0F);
  EXPECT_EQ(sum.max().item<float>(), 1275.0F);
}

TEST(Download, HasTheValuesOfTheMomentItWasMade) {
  const Stream stream(test_device());
  auto values = torch::zeros({1 << 20}, torch::device(test_device()));
  std::vector<Download> downloads;
  for (int i = 1; i <= 20; ++i) downloads.emplace_back(values.add_(1));
  for (int i = 1; i <= 20; ++i) {
    const auto& host = downloads[static_cast<std::size_t>(i - 1)].wait();
    EXPECT_TRUE(host.is_cpu());
    EXPECT_TRUE(host.eq(i).all().item<bool>()) << i;
  }
}

TEST(FreeMemory, ShrinksByWhatIsTaken) {
  const auto before = free_memory(test_device().index());
  constexpr std::int64_t kBytes = std::int64_t{1} << 30;
  const auto block = torch::empty({kBytes}, torch::dtype(torch::kUInt8).device(test_device()));
  const auto after = free_memory(test_device().index());
  EXPECT_GT(after, 0);
  EXPECT_LE(after, before - kBytes / 2) << "another program may take and give back some meanwhile";
}

}  // namespace
}  // namespace chorale::device
