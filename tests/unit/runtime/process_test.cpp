#include "pipeline/runtime/process.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace chorale::runtime {
namespace {

TEST(Process, RunsSinceAMoment) {
  const auto began = std::chrono::steady_clock::now();
  const double first = seconds_since_start();
  EXPECT_GE(first, -0.02);  // the start is known to 10 ms
  EXPECT_LT(first, 60);
  std::chrono::duration<double> passed{};
  while (passed.count() < 0.1) passed = std::chrono::steady_clock::now() - began;
  EXPECT_GT(seconds_since_start() - first, 0.05);
}

TEST(Process, HoldsTheMemoryThatItWroteTo) {
  const double before = resident_mib();
  const std::vector<char> memory(64 << 20, 1);
  const double grown = resident_mib() - before;
  EXPECT_GT(grown, 60);
  EXPECT_LT(grown, 400);  // under ThreadSanitizer, which remembers who wrote
  EXPECT_EQ(memory.back(), 1);
}

}  // namespace
}  // namespace chorale::runtime
