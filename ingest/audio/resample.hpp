// Sample rate conversion as librosa.load does it: libsoxr, quality HQ, one channel of float32.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::audio {

struct ResampleError : runtime::Error {
  using Error::Error;
};

// begin, push ..., finish: a track in pieces of any length, which do not change the result. Every call throws
// ResampleError when libsoxr refuses.
class Resampler {
 public:
  explicit Resampler(double target_rate) : target_rate_(target_rate) {}  // Hz; 0: the source's

  void begin(double source_rate);  // Hz
  // Where the next samples may be put for push(), which need not copy them then. Valid until the next call.
  std::span<float> input(std::size_t count);
  void push(std::span<const float> samples);
  // ceil(n * target_rate / source_rate) samples, valid until the next begin; those that were pushed when the
  // rates are equal.
  std::span<const float> finish();

  // All at once; `samples` itself when the rates are equal.
  std::span<const float> resample(std::span<const float> samples, double source_rate);

 private:
  struct DeleteSoxr {
    void operator()(void* soxr) const;
  };

  std::span<float> space(std::size_t count);

  double target_rate_;
  double source_rate_ = 0;
  std::unique_ptr<void, DeleteSoxr> soxr_;  // none when the rates are equal
  std::uint64_t pushed_ = 0;                // samples
  std::vector<float> input_;
  std::vector<float> output_;  // its first `written_` are of this track
  std::size_t written_ = 0;
};

}  // namespace chorale::audio
