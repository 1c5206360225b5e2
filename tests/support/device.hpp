// The device that a test works on: the CPU, or, where it is run as a gpu test too, the first GPU.
#pragma once

#include <torch/torch.h>

#include <cstdlib>

namespace chorale::testing_support {

inline torch::Device test_device() {
  const char* name = std::getenv("CHORALE_TEST_DEVICE");
  return name != nullptr ? torch::Device(name) : torch::Device(torch::kCPU);
}

}  // namespace chorale::testing_support
