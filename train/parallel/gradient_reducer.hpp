// Sums gradients over ranks while backward is still computing the earlier layers.
#pragma once

#include <memory>
#include <vector>

#include "pipeline/comm/communicator.hpp"
#include "train/parallel/flat_parameters.hpp"

namespace chorale::train {

// The flat gradient is cut into buckets from its end to its beginning, because backward delivers the last
// layers first. A bucket's all-reduce starts when all of its gradients are there and the buckets before it
// have started: all ranks start the same buckets in the same order, whatever the order in which their
// gradients arrive.
//
// A step is: zero the gradients, backward (or none, on a rank without samples), finalize(). Where gradients
// of several passes accumulate, all but the last are made while held. With one rank nothing is registered and
// nothing is done.
class GradientReducer {
 public:
  // Both must outlive the reducer. A bucket holds whole parameters and about `bucket_mib` MiB.
  GradientReducer(const FlatParameters& parameters, comm::Communicator& communicator, double bucket_mib);
  ~GradientReducer();
  GradientReducer(const GradientReducer&) = delete;
  GradientReducer& operator=(const GradientReducer&) = delete;

  // While held, gradients that arrive start nothing: more will be added to them, or finalize() starts all.
  void hold(bool held) { held_ = held; }

  // Collective. Starts what backward did not (parameters that got no gradient count as zero) and waits for
  // all; then gradients() holds the sums over ranks, the same bits on every rank.
  void finalize();

  std::size_t buckets() const { return buckets_.size(); }

 private:
  struct Bucket {
    std::size_t first = 0, last = 0;  // parameters [first, last)
    std::size_t missing = 0;          // gradients that backward has not delivered yet
    std::unique_ptr<comm::Work> work;
  };
  class Hook;

  void make_buckets(double bucket_mib);
  void on_gradient(std::size_t bucket);
  void start_next();

  const FlatParameters& parameters_;
  comm::Communicator& communicator_;
  std::vector<Bucket> buckets_;
  std::size_t started_ = 0;
  bool held_ = false;
};

}  // namespace chorale::train
