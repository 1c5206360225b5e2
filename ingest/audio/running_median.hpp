// The median of a window that moves on by one value at a time, for eight rows of values at once.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <span>

#include "ingest/features/vector.hpp"

namespace chorale::audio {

using features::Float8;

// Of the last 31 values. Kept in order: a step takes the oldest value out and puts the new one in, without a
// branch. Not for NaN.
class RunningMedian {
 public:
  static constexpr std::size_t kWindow = 31, kReach = kWindow / 2, kLanes = 8;

  // As if the window held infinity only, which the first 31 steps take out.
  RunningMedian() { values_.fill(std::numeric_limits<float>::infinity()); }

  // Precondition: `oldest` is in the window.
  [[gnu::always_inline]] void step(const Float8& oldest, const Float8& newest) {
    Float8 below = Float8{} - std::numeric_limits<float>::infinity(), value, next;
    features::load(at(0), value);
    for (std::size_t i = 0; i + 1 < kWindow; ++i) {
      features::load(at(i + 1), next);
      const Float8 kept = value < oldest ? value : next;
      const Float8 lower = kept < newest ? kept : newest;
      features::store(below > lower ? below : lower, at(i));
      below = kept;
      value = next;
    }
    features::store(below > newest ? below : newest, at(kWindow - 1));
  }

  std::span<const float, kLanes> median() const {
    return std::span<const float, kLanes>(values_.data() + kReach * kLanes, kLanes);
  }

 private:
  float* at(std::size_t place) { return values_.data() + place * kLanes; }

  std::array<float, kWindow * kLanes> values_;  // ascending in each lane
};

}  // namespace chorale::audio
