// Which samples are in which step of an epoch: the same global batches on 1, 2 or 64 ranks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace chorale::samples {

// The steps of one pass over n samples. Step s is the global batch [s * batch_size, (s + 1) * batch_size) of
// the order; the last one may be smaller. Each rank takes a contiguous part of it; the parts' sizes differ by
// at most one, and may be 0 in the last step.
class BatchPlan {
 public:
  // A permutation that is a function of (seed, epoch) alone, for training.
  static BatchPlan shuffled(std::uint32_t samples, std::size_t batch_size, std::uint64_t seed,
                            std::uint64_t epoch, int rank = 0, int world_size = 1);
  // In order, for evaluation.
  static BatchPlan sequential(std::uint32_t samples, std::size_t batch_size, int rank = 0,
                              int world_size = 1);

  std::size_t steps() const;
  std::span<const std::uint32_t> global_batch(std::size_t step) const;  // indices of samples; step < steps()
  std::span<const std::uint32_t> own_batch(std::size_t step) const;     // this rank's part of it

 private:
  BatchPlan(std::vector<std::uint32_t> order, std::size_t batch_size, int rank, int world_size);

  std::vector<std::uint32_t> order_;
  std::size_t batch_size_, rank_, world_size_;
};

}  // namespace chorale::samples
