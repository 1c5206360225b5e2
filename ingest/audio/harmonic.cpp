#include "ingest/audio/harmonic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace chorale::audio {
namespace {

constexpr std::ptrdiff_t kWindow = RunningMedian::kWindow, kReach = RunningMedian::kReach;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kTiny = std::numeric_limits<float>::min();

// scipy.ndimage's "reflect": ... 1 0 | 0 1 ... n-1 | n-1 n-2 ...
std::size_t reflect(std::ptrdiff_t index, std::size_t size) {
  const auto n = static_cast<std::ptrdiff_t>(size), period = 2 * n;
  const std::ptrdiff_t phase = ((index % period) + period) % period;
  return static_cast<std::size_t>(phase < n ? phase : period - 1 - phase);
}

CHORALE_VECTORISED void magnitudes_of(std::span<const std::complex<double>> spectrum,
                                      std::span<float> magnitudes) {
  for (std::size_t bin = 0; bin < spectrum.size(); ++bin) {
    const double re = spectrum[bin].real(), im = spectrum[bin].imag();
    magnitudes[bin] = static_cast<float>(re * re + im * im);
  }
  for (float& value : magnitudes) value = std::sqrt(value);
}

// The medians of windows of 31 bins, mirrored beyond both ends: [bins, 8 frames] to eight rows of bins.
CHORALE_VECTORISED void medians(std::span<const float> columns, std::span<float> const (&rows)[8]) {
  RunningMedian median;
  const std::size_t bins = columns.size() / 8;
  const auto end = static_cast<std::ptrdiff_t>(bins) + kReach;
  Float8 oldest = Float8{} + kInfinity, newest;
  for (std::ptrdiff_t next = -kReach; next < end; ++next) {
    if (next > kReach) features::load(&columns[8 * reflect(next - kWindow, bins)], oldest);
    features::load(&columns[8 * reflect(next, bins)], newest);
    median.step(oldest, newest);
    if (next < kReach) continue;
    for (std::size_t lane = 0; lane < 8; ++lane) {
      rows[lane][static_cast<std::size_t>(next - kReach)] = median.median()[lane];
    }
  }
}

CHORALE_VECTORISED void step(std::span<RunningMedian> medians, const float* oldest, const float* newest) {
  for (std::size_t block = 0; block < medians.size(); ++block) {
    Float8 out = Float8{} + kInfinity, in;
    if (oldest != nullptr) features::load(oldest + 8 * block, out);
    features::load(newest + 8 * block, in);
    medians[block].step(out, in);
  }
}

// util.softmask(lasting, sudden, power=2, split_zeros=True), in place of what is sudden.
CHORALE_VECTORISED void shares(std::span<const RunningMedian> lasting, float* sudden) {
  for (std::size_t block = 0; block < lasting.size(); ++block) {
    Float8 x, y;
    features::load(lasting[block].median().data(), x);
    features::load(sudden + 8 * block, y);
    const Float8 larger = x > y ? x : y;
    const Float8 scale = larger < kTiny ? Float8{} + 1.0F : larger;
    const Float8 a = (x / scale) * (x / scale), b = (y / scale) * (y / scale);
    const Float8 share = larger < kTiny ? Float8{} + 0.5F : a / (a + b);
    features::store(share, sudden + 8 * block);
  }
}

}  // namespace

HarmonicPart::HarmonicPart(const features::StftOptions& options)
    : stft_(options),
      inverse_(options),
      bins_(stft_.bins()),
      blocks_((bins_ + kLanes - 1) / kLanes),
      spectra_(kRing * bins_),
      magnitudes_(kRing * blocks_ * kLanes),
      sudden_(kRing * blocks_ * kLanes),
      lasting_(blocks_),
      transposed_(bins_ * kLanes) {}

std::span<float> HarmonicPart::row(std::vector<float>& ring, std::size_t frame) {
  return std::span(ring).subspan(frame % kRing * blocks_ * kLanes, blocks_ * kLanes);
}

void HarmonicPart::load(std::size_t frame, std::span<const std::complex<double>> spectrum) {
  std::ranges::copy(spectrum, spectra_.begin() + static_cast<std::ptrdiff_t>(frame % kRing * bins_));
  magnitudes_of(spectrum, row(magnitudes_, frame).first(bins_));
}

// Up to kLanes frames at once; the lanes beyond `frames` take the last of them.
void HarmonicPart::take_medians_over_bins(std::size_t first_frame, std::size_t frames) {
  std::span<float> results[kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const std::size_t frame = first_frame + std::min(lane, frames - 1);
    const auto magnitudes = row(magnitudes_, frame);
    for (std::size_t bin = 0; bin < bins_; ++bin) transposed_[bin * kLanes + lane] = magnitudes[bin];
    results[lane] = row(sudden_, frame);
  }
  medians(transposed_, results);
}

void HarmonicPart::step_medians_over_frames(std::ptrdiff_t oldest, std::ptrdiff_t newest) {
  const float* out = oldest < -kReach ? nullptr : row(magnitudes_, reflect(oldest, frames_)).data();
  step(lasting_, out, row(magnitudes_, reflect(newest, frames_)).data());
}

// The window of the medians over frames is about `frame`.
void HarmonicPart::finish_frame(std::size_t frame) {
  const auto share = row(sudden_, frame);
  shares(lasting_, share.data());
  const auto spectrum = std::span(spectra_).subspan(frame % kRing * bins_, bins_);
  const auto output = inverse_.input();
  for (std::size_t bin = 0; bin < bins_; ++bin) {
    output[bin] = spectrum[bin] * static_cast<double>(share[bin]);
  }
  inverse_.add_frame();
}

std::span<const float> HarmonicPart::separate(std::span<const float> samples) {
  output_.resize(samples.size());
  inverse_.begin(output_);
  frames_ = stft_.frames(samples.size());
  std::ranges::fill(lasting_, RunningMedian());
  const auto last = static_cast<std::ptrdiff_t>(frames_) - 1;
  // The window about `frame` is full when frame + kReach, or its mirror image, has come.
  std::ptrdiff_t next = -kReach;
  const auto step_to = [&](std::ptrdiff_t newest) {
    for (; next <= newest; ++next) {
      step_medians_over_frames(next - kWindow, next);
      if (next >= kReach) finish_frame(static_cast<std::size_t>(next - kReach));
    }
  };
  stft_.spectrum(samples, [&](std::size_t frame, std::span<const std::complex<double>> spectrum) {
    load(frame, spectrum);
    const std::size_t in_block = frame % kLanes + 1;
    const bool at_the_end = static_cast<std::ptrdiff_t>(frame) == last;
    if (in_block == kLanes || at_the_end) take_medians_over_bins(frame + 1 - in_block, in_block);
    // The mirror image of frames before the first reaches as far as frame kReach - 1.
    if (at_the_end) step_to(last + kReach);
    if (!at_the_end && frame >= static_cast<std::size_t>(kReach)) step_to(static_cast<std::ptrdiff_t>(frame));
  });
  inverse_.finish();
  return output_;
}

}  // namespace chorale::audio
