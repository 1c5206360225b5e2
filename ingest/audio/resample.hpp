// Sample rate conversion as librosa.load does it: libsoxr, quality HQ, one channel of float32.
#pragma once

#include <span>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::audio {

struct ResampleError : runtime::Error {
  using Error::Error;
};

class Resampler {
 public:
  explicit Resampler(double target_rate) : target_rate_(target_rate) {}  // Hz

  // ceil(n * target_rate / source_rate) samples, valid until the next call; `samples` itself when the rates
  // are equal. Throws ResampleError when libsoxr refuses.
  std::span<const float> resample(std::span<const float> samples, double source_rate);

 private:
  double target_rate_;
  std::vector<float> output_;
};

}  // namespace chorale::audio
