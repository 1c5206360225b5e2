#include "ingest/audio/inverse_stft.hpp"

#include <algorithm>
#include <limits>

namespace chorale::audio {

InverseStft::InverseStft(const features::StftOptions& options)
    : options_(options),
      window_(features::periodic_hann(options.n_fft)),
      fft_(options.n_fft),
      sum_(options.n_fft),
      weight_(options.n_fft) {}

void InverseStft::begin(std::span<float> output, std::size_t first) {
  std::ranges::fill(sum_, 0.0);
  std::ranges::fill(weight_, 0.0);
  skip_ = options_.n_fft / 2 + first;  // frame 0 is centred on sample 0
  output_ = output;
}

void InverseStft::add_frame() {
  if (output_.empty()) return;
  if (skip_ < options_.n_fft) {  // else all of the frame lies before the first sample
    const std::span<const double> frame = fft_.execute();
    for (std::size_t i = 0; i < frame.size(); ++i) {
      sum_[i] += window_[i] * frame[i];
      weight_[i] += window_[i] * window_[i];
    }
  }
  const std::size_t hop = options_.hop_length;
  emit(hop);
  const auto shift = [hop](std::vector<double>& values) {
    std::fill(std::copy(values.begin() + static_cast<std::ptrdiff_t>(hop), values.end(), values.begin()),
              values.end(), 0.0);
  };
  shift(sum_);
  shift(weight_);
}

void InverseStft::finish() {
  emit(options_.n_fft - options_.hop_length);
  std::ranges::fill(output_, 0.0F);
  output_ = {};
}

void InverseStft::emit(std::size_t count) {
  const std::size_t skipped = std::min(skip_, count);
  skip_ -= skipped;
  const std::size_t wanted = std::min(count - skipped, output_.size());
  for (std::size_t i = 0; i < wanted; ++i) {
    const double sum = sum_[skipped + i], weight = weight_[skipped + i];
    output_[i] = static_cast<float>(weight > std::numeric_limits<double>::min() ? sum / weight : sum);
  }
  output_ = output_.subspan(wanted);
}

}  // namespace chorale::audio
