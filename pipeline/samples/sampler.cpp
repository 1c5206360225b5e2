#include "pipeline/samples/sampler.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "pipeline/runtime/random.hpp"

namespace chorale::samples {

BatchPlan BatchPlan::shuffled(std::uint32_t samples, std::size_t batch_size, std::uint64_t seed,
                              std::uint64_t epoch, int rank, int world_size) {
  const runtime::RandomStream stream(seed, {runtime::key_of("order of samples"), epoch});
  return BatchPlan(runtime::permutation(samples, stream), batch_size, rank, world_size);
}

BatchPlan BatchPlan::sequential(std::uint32_t samples, std::size_t batch_size, int rank, int world_size) {
  std::vector<std::uint32_t> order(samples);
  std::iota(order.begin(), order.end(), 0U);
  return BatchPlan(std::move(order), batch_size, rank, world_size);
}

BatchPlan::BatchPlan(std::vector<std::uint32_t> order, std::size_t batch_size, int rank, int world_size)
    : order_(std::move(order)),
      batch_size_(batch_size),
      rank_(static_cast<std::size_t>(rank)),
      world_size_(static_cast<std::size_t>(world_size)) {}

std::size_t BatchPlan::steps() const { return (order_.size() + batch_size_ - 1) / batch_size_; }

std::span<const std::uint32_t> BatchPlan::global_batch(std::size_t step) const {
  const std::size_t first = step * batch_size_;
  return std::span(order_).subspan(first, std::min(batch_size_, order_.size() - first));
}

std::span<const std::uint32_t> BatchPlan::own_batch(std::size_t step) const {
  const auto global = global_batch(step);
  const std::size_t first = global.size() * rank_ / world_size_;
  return global.subspan(first, global.size() * (rank_ + 1) / world_size_ - first);
}

}  // namespace chorale::samples
