// Mixed precision on the CPU.
#pragma once

#include "pipeline/config/experiment.hpp"

namespace chorale::models {

// While it lives, convolutions and linear layers of this thread compute in `precision`; weights, gradients of
// weights and sums stay float. One guard a step: it also drops the cast copies of the weights.
class PrecisionGuard {
 public:
  explicit PrecisionGuard(config::Precision precision);
  ~PrecisionGuard();
  PrecisionGuard(const PrecisionGuard&) = delete;
  PrecisionGuard& operator=(const PrecisionGuard&) = delete;

 private:
  bool before_;
};

}  // namespace chorale::models
