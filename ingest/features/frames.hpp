// What is computed of every frame of a track: a matrix [frames, bins], time-major.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace chorale::features {

// Keeps its memory from track to track.
class Frames {
 public:
  // Leaves the values undefined.
  void resize(std::size_t frames, std::size_t bins) {
    frames_ = frames;
    bins_ = bins;
    if (values_.size() < frames * bins) values_.resize(frames * bins);
  }

  std::size_t frames() const { return frames_; }
  std::size_t bins() const { return bins_; }
  std::span<float> operator[](std::size_t frame) { return {values_.data() + frame * bins_, bins_}; }
  std::span<const float> operator[](std::size_t frame) const {
    return {values_.data() + frame * bins_, bins_};
  }
  std::span<float> values() { return {values_.data(), frames_ * bins_}; }
  std::span<const float> values() const { return {values_.data(), frames_ * bins_}; }

 private:
  std::size_t frames_ = 0, bins_ = 0;
  std::vector<float> values_;
};

}  // namespace chorale::features
