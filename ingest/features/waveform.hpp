// What the samples of a frame say by themselves, without a transform; frames centred on frame * hop_length,
// 1 + samples/hop_length of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chorale::features {

struct FrameOptions {
  std::size_t frame_length = 2048;  // samples
  std::size_t hop_length = 512;     // samples
};

// Root of the mean square, without a window; zeros beyond both ends (librosa 0.11
// feature/spectral.py:876-911).
void rms(std::span<const float> samples, const FrameOptions& options, std::vector<float>& result);

// Share of a frame's samples whose sign differs from that of the sample before, in the frame; |x| <= 1e-10
// counts as 0, and 0 as positive; the ends go on with their own value (spectral.py:1115-1127,
// core/audio.py:1100-1151).
class ZeroCrossingRate {
 public:
  explicit ZeroCrossingRate(const FrameOptions& options) : options_(options) {}
  void compute(std::span<const float> samples, std::vector<float>& result);

 private:
  FrameOptions options_;
  std::vector<std::uint32_t> crossings_;  // up to each sample
};

}  // namespace chorale::features
