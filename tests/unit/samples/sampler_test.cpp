#include "pipeline/samples/sampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace chorale::samples {
namespace {

TEST(BatchPlan, AnEpochHoldsEverySampleOnceAndEpochsDiffer) {
  const auto epoch = [](std::uint64_t seed, std::uint64_t number) {
    const auto plan = BatchPlan::shuffled(103, 10, seed, number);
    std::vector<std::uint32_t> order;
    for (std::size_t step = 0; step < plan.steps(); ++step) {
      const auto batch = plan.global_batch(step);
      order.insert(order.end(), batch.begin(), batch.end());
    }
    return order;
  };
  const auto first = epoch(7, 1);
  EXPECT_EQ(first, epoch(7, 1));
  EXPECT_NE(first, epoch(7, 2));
  EXPECT_NE(first, epoch(8, 1));
  auto sorted = first;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::uint32_t> all(103);
  std::iota(all.begin(), all.end(), 0U);
  EXPECT_NE(first, all);
  EXPECT_EQ(sorted, all);
}

TEST(BatchPlan, RanksShareTheSameGlobalBatchEvenly) {
  constexpr std::size_t kBatch = 10;
  const auto reference = BatchPlan::shuffled(103, kBatch, 1, 4);
  ASSERT_EQ(reference.steps(), 11U);
  for (const int world : {1, 2, 3, 7, 64}) {
    for (std::size_t step = 0; step < reference.steps(); ++step) {
      std::vector<std::uint32_t> joined;
      std::size_t smallest = kBatch, largest = 0;
      for (int rank = 0; rank < world; ++rank) {
        const auto plan = BatchPlan::shuffled(103, kBatch, 1, 4, rank, world);
        const auto own = plan.own_batch(step);
        joined.insert(joined.end(), own.begin(), own.end());
        smallest = std::min(smallest, own.size());
        largest = std::max(largest, own.size());
      }
      const auto global = reference.global_batch(step);
      EXPECT_TRUE(std::equal(joined.begin(), joined.end(), global.begin(), global.end()))
          << world << " " << step;
      EXPECT_LE(largest - smallest, 1U);
    }
  }
  EXPECT_EQ(reference.global_batch(10).size(), 3U);
}

TEST(BatchPlan, SequentialKeepsTheOrder) {
  const auto plan = BatchPlan::sequential(5, 2);
  ASSERT_EQ(plan.steps(), 3U);
  EXPECT_EQ(plan.own_batch(2).size(), 1U);
  EXPECT_EQ(plan.own_batch(2)[0], 4U);
  EXPECT_EQ(BatchPlan::sequential(0, 2).steps(), 0U);
}

}  // namespace
}  // namespace chorale::samples
