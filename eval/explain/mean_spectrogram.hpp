// The mean of all slices that a model takes for a class.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "eval/explain/spectrogram_axes.hpp"
#include "pipeline/figures/gnuplot.hpp"

namespace chorale::eval {

// Adds up slices one by one. Of samples of any length only the first kMostFrames frames count, and the mean
// at a frame is over those that have it.
class MeanSpectrogram {
 public:
  static constexpr std::size_t kMostFrames = 1300;  // 30 s at 22050/512

  explicit MeanSpectrogram(std::size_t bins) : bins_(bins) {}
  void add(std::span<const float> slice);  // [frames, bins]

  std::int64_t slices() const { return counts_.empty() ? 0 : counts_.front(); }
  std::vector<float> mean() const;  // [frames, bins]; empty without slices

 private:
  std::size_t bins_;
  std::vector<double> sums_;
  std::vector<std::int64_t> counts_;  // [frames]
};

struct ClassMean {
  std::string name;
  MeanSpectrogram mean;
};

// A panel a class, all over the same time; a class that was never predicted has an empty one that says so.
// Data: a block a class with slices, as of explain_figure(). Precondition: some class has slices.
figures::Figure mean_spectrogram_figure(const std::string& name, const std::string& title,
                                        const SpectrogramAxes& axes, const std::vector<ClassMean>& classes);

}  // namespace chorale::eval
