#include "pipeline/runtime/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace chorale::runtime {
namespace {

TEST(ParallelFor, VisitsEachIndexOnce) {
  for (const std::size_t count : {0, 1, 2, 7, 1000}) {
    for (const int threads : {0, 1, 3, 8}) {
      std::vector<std::atomic<int>> visits(count);
      parallel_for(count, threads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) ++visits[i];
      });
      for (std::size_t i = 0; i < count; ++i)
        EXPECT_EQ(visits[i], 1) << i << " of " << count << ", " << threads;
    }
  }
}

TEST(ParallelFor, RethrowsWhatAPartThrew) {
  for (const int threads : {1, 4}) {
    const auto fail = [&] {
      parallel_for(100, threads, [](std::size_t, std::size_t end) {
        if (end > 50) throw std::runtime_error("part");
      });
    };
    EXPECT_THROW(fail(), std::runtime_error) << threads;
  }
}

}  // namespace
}  // namespace chorale::runtime
