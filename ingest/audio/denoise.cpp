#include "ingest/audio/denoise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "ingest/audio/effect_error.hpp"

namespace chorale::audio {
namespace {

// _amp_to_db of spectralgate/utils.py.
constexpr double kTopDb = 80;
constexpr double kEps = std::numeric_limits<double>::epsilon();
double decibels(double magnitude) { return 20 * std::log10(magnitude + kEps); }

double magnitude(std::complex<double> value) {
  return std::sqrt(value.real() * value.real() + value.imag() * value.imag());
}

// The smoothing filter is the outer product of two triangles 1, 2, ..., r+1, ..., 2, 1 (base.py:7), divided
// by its sum. Weights and mask are whole numbers, far below 2^24, so sums of floats are exact in any order.
float weight(std::size_t position, std::size_t radius) {
  return static_cast<float>(std::min(position, 2 * radius - position) + 1);
}

// Adds `radius` neighbours on either side of each value; zeros beyond the ends.
void smooth_row(std::span<const float> row, std::size_t radius, std::span<float> smooth) {
  std::ranges::fill(smooth, 0.0F);
  const std::size_t bins = row.size();
  for (std::size_t tap = 0; tap <= 2 * radius; ++tap) {
    const float w = weight(tap, radius);
    const std::size_t first = radius > tap ? radius - tap : 0;  // bin + tap - radius lies in the row
    const std::size_t last = std::min(bins, bins + radius - std::min(bins + radius, tap));
    for (std::size_t bin = first; bin < last; ++bin) smooth[bin] += w * row[bin + tap - radius];
  }
}

std::size_t whole_steps(double width, double step, const std::string& what) {
  if (width < step) {
    throw runtime::UsageError("noise reduction smooths over " + what +
                              " at this sample rate: set audio.sample_rate between 5120 and 256000, or "
                              "clean.denoise = \"none\"");
  }
  return static_cast<std::size_t>(width / step);
}

}  // namespace

Denoiser::Denoiser(double sample_rate, const DenoiseOptions& options)
    : options_(options),
      stft_options_{.n_fft = options.n_fft, .hop_length = options.n_fft / 4},
      smooth_bins_(whole_steps(options.smooth_hz, sample_rate / (static_cast<double>(options.n_fft) / 2),
                               "less than one bin of the spectrum")),
      smooth_frames_(whole_steps(options.smooth_ms,
                                 static_cast<double>(stft_options_.hop_length) / sample_rate * 1000,
                                 "less than one frame")),
      stft_(stft_options_),
      inverse_(stft_options_),
      threshold_db_(stft_.bins()),
      threshold_(stft_.bins()),
      loudest_(stft_.bins()) {
  if (smooth_bins_ == 1 && smooth_frames_ == 1) smooth_bins_ = smooth_frames_ = 0;
  const auto window = features::periodic_hann(options.n_fft);
  scale_ = 1 / std::accumulate(window.begin(), window.end(), 0.0);
}

void Denoiser::learn_thresholds(std::span<const float> samples) {
  const std::size_t bins = stft_.bins(), frames = stft_.frames(samples.size());
  levels_.resize(frames * bins);
  std::ranges::fill(loudest_, -std::numeric_limits<double>::infinity());  // dB here
  stft_.spectrum(samples, [&](std::size_t frame, std::span<const std::complex<double>> spectrum) {
    double* level = levels_.data() + frame * bins;
    for (std::size_t k = 0; k < bins; ++k) {
      level[k] = decibels(scale_ * magnitude(spectrum[k]));
      loudest_[k] = std::max(loudest_[k], level[k]);
    }
  });

  const auto n = static_cast<double>(frames);
  std::vector<double> mean(bins), squares(bins);
  for (std::size_t i = 0; i < levels_.size(); i += bins) {
    for (std::size_t k = 0; k < bins; ++k) {
      levels_[i + k] = std::max(levels_[i + k], loudest_[k] - kTopDb);
      mean[k] += levels_[i + k];
    }
  }
  for (double& sum : mean) sum /= n;
  for (std::size_t i = 0; i < levels_.size(); i += bins) {
    for (std::size_t k = 0; k < bins; ++k) {
      const double difference = levels_[i + k] - mean[k];
      squares[k] += difference * difference;
    }
  }
  for (std::size_t k = 0; k < bins; ++k) {
    threshold_db_[k] = mean[k] + options_.deviations * std::sqrt(squares[k] / n);
    threshold_[k] = std::pow(10.0, threshold_db_[k] / 20);
  }
}

// Zeros beyond the ends of the recording.
void Denoiser::load_chunk(std::span<const float> samples, std::size_t first, std::size_t last) {
  const std::size_t padding = options_.padding;
  const std::size_t before = std::min(padding, first), after = std::min(padding, samples.size() - last);
  chunk_.assign(last - first + 2 * padding, 0.0F);
  std::ranges::copy(samples.subspan(first - before, before + last - first + after),
                    chunk_.begin() + static_cast<std::ptrdiff_t>(padding - before));
}

void Denoiser::transform_chunk() {
  const std::size_t bins = stft_.bins();
  frames_ = stft_.frames(chunk_.size());
  spectrum_.resize(frames_ * bins);
  std::ranges::fill(loudest_, 0.0);
  stft_.spectrum(chunk_, [&](std::size_t frame, std::span<const std::complex<double>> spectrum) {
    std::ranges::copy(spectrum, spectrum_.begin() + static_cast<std::ptrdiff_t>(frame * bins));
    for (std::size_t k = 0; k < bins; ++k) {
      loudest_[k] = std::max(loudest_[k], scale_ * magnitude(spectrum[k]));
    }
  });
}

// max(dB, loudest - 80) > threshold, without a logarithm for each value.
void Denoiser::mask_chunk() {
  const std::size_t bins = stft_.bins();
  mask_.resize(frames_ * bins);
  std::vector<float> open(bins), row(bins);
  for (std::size_t k = 0; k < bins; ++k) {
    open[k] = decibels(loudest_[k]) - kTopDb > threshold_db_[k] ? 1.0F : 0.0F;
  }
  for (std::size_t i = 0; i < mask_.size(); i += bins) {
    for (std::size_t k = 0; k < bins; ++k) {
      row[k] = scale_ * magnitude(spectrum_[i + k]) + kEps > threshold_[k] ? 1.0F : open[k];
    }
    smooth_row(row, smooth_bins_, std::span(mask_).subspan(i, bins));
  }
}

void Denoiser::write_chunk(std::span<float> output) {
  const std::size_t bins = stft_.bins();
  const std::size_t side_bins = smooth_bins_ + 1, side_frames = smooth_frames_ + 1;
  const double whole = static_cast<double>(side_bins * side_bins * side_frames * side_frames);
  std::vector<float> sum(bins);
  inverse_.begin(output, options_.padding);
  for (std::size_t frame = 0; frame < frames_; ++frame) {
    std::ranges::fill(sum, 0.0F);
    for (std::size_t tap = 0; tap <= 2 * smooth_frames_; ++tap) {
      const std::size_t source = frame + tap - smooth_frames_;  // wraps below 0
      if (source >= frames_) continue;
      const float w = weight(tap, smooth_frames_);
      for (std::size_t k = 0; k < bins; ++k) sum[k] += w * mask_[source * bins + k];
    }
    const auto spectrum = inverse_.input();
    for (std::size_t k = 0; k < bins; ++k) {
      spectrum[k] = spectrum_[frame * bins + k] * (static_cast<double>(sum[k]) / whole);
    }
    inverse_.add_frame();
  }
  inverse_.finish();
}

std::span<const float> Denoiser::denoise(std::span<const float> samples) {
  if (samples.size() < options_.n_fft) {
    throw EffectError("too short for noise reduction: " + std::to_string(samples.size()) +
                      " samples, needs " + std::to_string(options_.n_fft));
  }
  learn_thresholds(samples.first(std::min(samples.size(), options_.chunk)));
  output_.resize(samples.size());
  for (std::size_t first = 0; first < samples.size(); first += options_.chunk) {
    const std::size_t last = std::min(samples.size(), first + options_.chunk);
    load_chunk(samples, first, last);
    transform_chunk();
    mask_chunk();
    write_chunk(std::span(output_).subspan(first, last - first));
  }
  return output_;
}

}  // namespace chorale::audio
