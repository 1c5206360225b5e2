#include "ingest/audio/time_stretch.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "ingest/audio/effect_error.hpp"

namespace chorale::audio {

TimeStretcher::TimeStretcher(const features::StftOptions& options)
    : stft_(options),
      inverse_(options),
      current_(stft_.bins()),
      next_(stft_.bins()),
      cosine_(stft_.bins()),
      sine_(stft_.bins()),
      nothing_(stft_.bins()) {}

void TimeStretcher::Column::load(std::span<const std::complex<double>> spectrum) {
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const double re = spectrum[k].real(), im = spectrum[k].imag();
    const double length = std::sqrt(re * re + im * im);
    const double divisor = length > 0 ? length : 1.0;
    magnitude[k] = length;
    cosine[k] = length > 0 ? re / divisor : 1.0;
    sine[k] = im / divisor;
  }
}

// A frame between current_ and next_, and the phases moved on by the difference of theirs. librosa wraps that
// difference after it has taken off the advance of the bin's frequency, and adds the advance again: the same
// angle.
void TimeStretcher::add_frame(double alpha) {
  const auto output = inverse_.input();
  for (std::size_t k = 0; k < output.size(); ++k) {
    const double magnitude = (1.0 - alpha) * current_.magnitude[k] + alpha * next_.magnitude[k];
    output[k] = {magnitude * cosine_[k], magnitude * sine_[k]};
    const double cosine = next_.cosine[k] * current_.cosine[k] + next_.sine[k] * current_.sine[k];
    const double sine = next_.sine[k] * current_.cosine[k] - next_.cosine[k] * current_.sine[k];
    const double before = cosine_[k];
    cosine_[k] = before * cosine - sine_[k] * sine;
    sine_[k] = before * sine + sine_[k] * cosine;
  }
  inverse_.add_frame();
}

// All frames that lie between `column` (current_) and the one after it (next_).
void TimeStretcher::add_steps(std::size_t column, double rate, std::size_t steps) {
  const auto end = static_cast<double>(column + 1);
  for (; step_ < steps; ++step_) {
    const double position = static_cast<double>(step_) * rate;
    if (position >= end) return;
    add_frame(position - static_cast<double>(column));
  }
}

std::span<const float> TimeStretcher::stretch(std::span<const float> samples, double rate) {
  const auto length = static_cast<std::size_t>(std::nearbyint(static_cast<double>(samples.size()) / rate));
  if (length == 0) {
    throw EffectError("too short to be stretched: " + std::to_string(samples.size()) + " samples at rate " +
                      std::to_string(rate) + " leave none");
  }
  const std::size_t columns = stft_.frames(samples.size());
  const auto steps = static_cast<std::size_t>(std::ceil(static_cast<double>(columns) / rate));
  output_.resize(length);
  inverse_.begin(output_);
  step_ = 0;
  stft_.spectrum(samples, [&](std::size_t column, std::span<const std::complex<double>> spectrum) {
    if (column == 0) {
      current_.load(spectrum);
      cosine_ = current_.cosine;
      sine_ = current_.sine;
      return;
    }
    next_.load(spectrum);
    add_steps(column - 1, rate, steps);
    std::swap(current_, next_);
  });
  next_.load(nothing_);
  add_steps(columns - 1, rate, steps);
  inverse_.finish();
  return output_;
}

}  // namespace chorale::audio
