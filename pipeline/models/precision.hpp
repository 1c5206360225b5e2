// Mixed precision, on the CPU or a GPU.
#pragma once

#include <c10/core/DeviceType.h>

#include "pipeline/config/experiment.hpp"

namespace chorale::models {

// While it lives, convolutions and linear layers of this thread compute in `precision`; weights, gradients of
// weights and sums stay float. One guard a step: it also drops the cast copies of the weights.
class PrecisionGuard {
 public:
  explicit PrecisionGuard(config::Precision precision, c10::DeviceType device = c10::kCPU);
  ~PrecisionGuard();
  PrecisionGuard(const PrecisionGuard&) = delete;
  PrecisionGuard& operator=(const PrecisionGuard&) = delete;

 private:
  c10::DeviceType device_;
  bool before_;
};

}  // namespace chorale::models
