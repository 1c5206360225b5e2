#include "pipeline/device/recording.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "pipeline/device/copies.hpp"
#include "support/device.hpp"

namespace chorale::device {
namespace {

using testing_support::test_device;

TEST(Recording, ComputesOnWhatLiesAtItsAddressesWhenReplayed) {
  const Stream stream(test_device());
  auto input = torch::ones({4}, torch::device(test_device())), output = torch::zeros_like(input);
  output.copy_(input * 3);  // as a warm-up
  Recording recording([&] { output.copy_(input * 3); });
  for (const float value : {2.0F, -5.0F}) {
    input.fill_(value);
    recording.replay();
    EXPECT_TRUE(output.eq(3 * value).all().item<bool>());
  }
}

TEST(Recording, DrawsTheRandomNumbersOfTheSeed) {
  const Stream stream(test_device());
  const auto ones = torch::ones({1000}, torch::device(test_device()));
  auto output = torch::zeros_like(ones);
  const auto work = [&] { output.copy_(torch::dropout(torch::dropout(ones, 0.5, true), 0.3, true)); };
  work();
  Recording recording(work);
  for (const std::uint64_t seed : {7UL, 8UL, 7UL, ~0UL - 5}) {
    torch::manual_seed(seed);
    work();
    const auto expected = output.clone();
    output.zero_();
    torch::manual_seed(seed);
    recording.replay();
    EXPECT_TRUE(torch::equal(output, expected)) << seed;
  }
}

}  // namespace
}  // namespace chorale::device
