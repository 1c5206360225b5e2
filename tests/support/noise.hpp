// A signal without structure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pipeline/runtime/random.hpp"

namespace chorale::testing_support {

// White, between -1 and 1; the same for the same seed.
inline std::vector<float> noise(std::size_t n, std::uint64_t seed) {
  runtime::RandomStream random(seed);
  std::vector<float> samples(n);
  for (float& sample : samples) sample = static_cast<float>(random.uniform(-1, 1));
  return samples;
}

}  // namespace chorale::testing_support
