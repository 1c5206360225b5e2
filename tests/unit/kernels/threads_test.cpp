// at::parallel_for is compiled into whoever calls it. Without OpenMP it runs everything on the calling
// thread, and nothing says so.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace chorale::kernels {
namespace {

TEST(Threads, OurLoopsRunOnAsManyAsLibTorchHas) {
  const int before = at::get_num_threads();
  constexpr int kThreads = 3;
  at::set_num_threads(kThreads);
  std::array<std::thread::id, kThreads> ids;
  std::array<int, kThreads> numbers{};
  at::parallel_for(0, kThreads, 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      ids[i] = std::this_thread::get_id();
      numbers[i] = at::get_thread_num();
    }
  });
  at::set_num_threads(before);
  EXPECT_EQ(numbers, (std::array{0, 1, 2}));
  EXPECT_EQ(ids[0], std::this_thread::get_id());
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_NE(ids[0], ids[2]);
  EXPECT_NE(ids[1], ids[2]);
}

}  // namespace
}  // namespace chorale::kernels
