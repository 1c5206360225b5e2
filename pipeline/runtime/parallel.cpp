#include "pipeline/runtime/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace chorale::runtime {
namespace {

constexpr std::size_t kPartsAThread = 8;  // so that a slow part does not keep the others waiting for long

}  // namespace

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t, std::size_t)>& work) {
  const auto workers = std::min(static_cast<std::size_t>(std::max(threads, 1)), count);
  if (workers <= 1) {
    if (count > 0) work(0, count);
    return;
  }
  const std::size_t part = std::max<std::size_t>(count / (workers * kPartsAThread), 1);
  std::atomic<std::size_t> next = 0;
  std::exception_ptr error;
  std::mutex mutex;
  const auto run = [&] {
    try {
      for (std::size_t begin = next.fetch_add(part); begin < count; begin = next.fetch_add(part))
        work(begin, std::min(begin + part, count));
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (!error) error = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < workers; ++i) others.emplace_back(run);
    run();
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace chorale::runtime
