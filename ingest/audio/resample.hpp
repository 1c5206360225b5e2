// Sample rate conversion as librosa.load does it: libsoxr, quality HQ, one channel of float32.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::audio {

struct ResampleError : runtime::Error {
  using Error::Error;
};

class Resampler {
 public:
  explicit Resampler(std::int32_t target_rate) : target_rate_(target_rate) {}  // Hz

  // ceil(n * target_rate / source_rate) samples, valid until the next call; `samples` itself when the rates
  // are equal. Throws ResampleError when libsoxr refuses.
  std::span<const float> resample(std::span<const float> samples, std::int32_t source_rate);

 private:
  std::int32_t target_rate_;
  std::vector<float> output_;
};

}  // namespace chorale::audio
