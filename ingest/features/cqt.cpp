#include "ingest/features/cqt.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "ingest/features/vector.hpp"

namespace chorale::features {
namespace {

constexpr std::size_t kBlock = 8;                    // frames that are multiplied with a basis at once
constexpr double kHannBandwidth = 1.50018310546875;  // in bins: librosa.filters.WINDOW_BANDWIDTHS

// Hz, ascending from C1.
std::vector<double> cqt_frequencies(std::size_t bins_per_octave, double tuning) {
  const auto resolution = static_cast<double>(bins_per_octave);
  const double c1 = 440.0 * std::exp2((24.0 - 69.0) / 12.0) * std::exp2(tuning / resolution);
  std::vector<double> frequencies;
  for (std::size_t octave = 0; octave < kCqtOctaves; ++octave) {
    for (std::size_t bin = 0; bin < bins_per_octave; ++bin) {
      const double ratio = std::exp2(static_cast<double>(bin) / resolution);
      frequencies.push_back(c1 * std::ldexp(ratio, static_cast<int>(octave)));
    }
  }
  return frequencies;
}

// librosa.filters._relative_bandwidth of evenly spaced bins: 1/Q.
double relative_bandwidth(std::size_t bins_per_octave) {
  const double ratio = std::exp2(2.0 / static_cast<double>(bins_per_octave));
  return (ratio - 1) / (ratio + 1);
}

// The highest frequency whose filter's main lobe has not yet fallen by 3 dB (wavelet_lengths, f_cutoff).
double cutoff(std::size_t bins_per_octave, double tuning) {
  const double highest = cqt_frequencies(bins_per_octave, tuning).back();
  return highest * (1 + 0.5 * kHannBandwidth * relative_bandwidth(bins_per_octave));
}

std::size_t factors_of_two(std::size_t value) {
  std::size_t count = 0;
  for (; value % 2 == 0; value /= 2) ++count;
  return count;
}

// How often librosa halves the rate before the first octave (__early_downsample_count).
std::size_t early_halvings(const CqtOptions& options, double tuning) {
  const double octaves_free = std::log2(options.sample_rate / 2 / cutoff(options.bins_per_octave, tuning));
  const auto by_rate = static_cast<long>(std::ceil(octaves_free)) - 2;
  const auto by_hop =
      static_cast<long>(factors_of_two(options.hop_length)) - static_cast<long>(kCqtOctaves) + 1;
  return static_cast<std::size_t>(std::max(0L, std::min(by_rate, by_hop)));
}

// Samples centre - n/2 ... of n, zeros beyond both ends.
void load_frame(std::span<const float> signal, std::size_t centre, std::span<float> frame) {
  const std::size_t half = frame.size() / 2;
  const std::size_t zeros = half > centre ? half - centre : 0;
  const std::size_t first = centre + zeros - half;
  const std::size_t count = first < signal.size() ? std::min(signal.size() - first, frame.size() - zeros) : 0;
  std::fill_n(frame.begin(), zeros, 0.0F);
  std::copy_n(signal.data() + first, count, frame.data() + zeros);
  std::fill(frame.data() + zeros + count, frame.data() + frame.size(), 0.0F);
}

struct Responses {
  std::array<float, kBlock> real, imaginary;
};

// Of one filter to each frame of a block of spectra [bins, kBlock].
CHORALE_VECTORISED Responses respond(std::span<const std::complex<float>> weights, const float* real,
                                     const float* imaginary) {
  Responses sums = {};
  for (const std::complex<float> weight : weights) {
    const float a = weight.real(), b = weight.imag();
    for (std::size_t lane = 0; lane < kBlock; ++lane) {
      sums.real[lane] += a * real[lane] - b * imaginary[lane];
      sums.imaginary[lane] += a * imaginary[lane] + b * real[lane];
    }
    real += kBlock;
    imaginary += kBlock;
  }
  return sums;
}

}  // namespace

void check_cqt(const CqtOptions& options) {
  constexpr double kHighestTuning = 0.5;
  const double highest = cutoff(options.bins_per_octave, kHighestTuning);
  if (highest <= options.sample_rate / 2) return;
  throw FeatureError(
      "audio.sample_rate = " + std::to_string(std::lround(options.sample_rate)) +
      ": chroma_cqt, chroma_cens, tonnetz and the sets of features made of them hear 7 octaves, up to " +
      std::to_string(std::lround(highest)) + " Hz, and need a rate of at least " +
      std::to_string(std::lround(std::ceil(2 * highest))) +
      " Hz; raise audio.sample_rate or take them out of features.store");
}

Cqt::Cqt(const CqtOptions& options) : options_(options) { check_cqt(options); }

Cqt::Plan Cqt::make_plan(double tuning) const {
  const std::size_t bins = options_.bins_per_octave;
  const std::vector<double> frequencies = cqt_frequencies(bins, tuning);
  const double q = 1 / relative_bandwidth(bins);
  Plan plan;
  plan.first_divisor = std::size_t{1} << early_halvings(options_, tuning);
  const double rate = options_.sample_rate / static_cast<double>(plan.first_divisor);

  std::size_t halvings = 0, hop_length = options_.hop_length / plan.first_divisor;
  for (std::size_t i = 0; i < kCqtOctaves; ++i) {
    const auto hz = std::span(frequencies).subspan((kCqtOctaves - 1 - i) * bins, bins);
    const double octave_rate = std::ldexp(rate, -static_cast<int>(halvings));
    std::vector<double> lengths;
    Octave octave{halvings, hop_length, i - halvings, {}};
    for (const double frequency : hz) {
      lengths.push_back(q * octave_rate / frequency);
      // librosa scales the first division by the root of its divisor; each halving and its filters by the
      // root of two; the response by the root of the filter's length at the rate of the first octave.
      const double scale =
          std::ldexp(std::sqrt(static_cast<double>(plan.first_divisor)), static_cast<int>(halvings));
      octave.gains.push_back(scale / std::sqrt(q * rate / frequency));
    }
    if (octave.basis == plan.bases.size()) plan.bases.push_back(make_cqt_basis(hz, lengths, octave_rate));
    plan.octaves.push_back(std::move(octave));
    if (hop_length % 2 == 0) {
      hop_length /= 2;
      ++halvings;
    }
  }
  return plan;
}

const Cqt::Plan& Cqt::plan_for(double tuning) {
  const auto known = plans_.find(tuning);
  return known != plans_.end() ? known->second : plans_.emplace(tuning, make_plan(tuning)).first->second;
}

void Cqt::compute(OctaveSignals& signals, double tuning, Frames& magnitudes) {
  const Plan& plan = plan_for(tuning);
  std::size_t frames = std::numeric_limits<std::size_t>::max();
  for (const Octave& octave : plan.octaves) {
    frames = std::min(frames, 1 + signals.at(plan.first_divisor, octave.halvings).size() / octave.hop_length);
  }
  magnitudes.resize(frames, bins());
  std::size_t first_bin = bins();
  for (const Octave& octave : plan.octaves) {
    first_bin -= options_.bins_per_octave;
    const std::span<const float> signal = signals.at(plan.first_divisor, octave.halvings);
    const CqtBasis& basis = plan.bases[octave.basis];
    for (std::size_t frame = 0; frame < frames; frame += kBlock) {
      const std::size_t count = std::min(kBlock, frames - frame);
      transform(signal, basis, octave.hop_length, frame, count);
      multiply(basis, octave.gains, first_bin, frame, count, magnitudes);
    }
  }
}

void Cqt::transform(std::span<const float> signal, const CqtBasis& basis, std::size_t hop_length,
                    std::size_t frame, std::size_t count) {
  SingleRealFft& fft = ffts_.try_emplace(basis.n_fft, basis.n_fft).first->second;
  real_.resize(basis.end_bin * kBlock);
  imaginary_.resize(real_.size());
  for (std::size_t lane = 0; lane < count; ++lane) {
    load_frame(signal, (frame + lane) * hop_length, fft.input());
    const auto spectrum = fft.execute();
    for (std::size_t bin = basis.first_bin; bin < basis.end_bin; ++bin) {
      real_[bin * kBlock + lane] = spectrum[bin].real();
      imaginary_[bin * kBlock + lane] = spectrum[bin].imag();
    }
  }
}

void Cqt::multiply(const CqtBasis& basis, std::span<const double> gains, std::size_t first_bin,
                   std::size_t frame, std::size_t count, Frames& magnitudes) const {
  for (std::size_t i = 0; i < basis.filters.size(); ++i) {
    const CqtFilter& filter = basis.filters[i];
    const std::size_t first = filter.first_bin * kBlock;
    const Responses sums = respond(filter.weights, real_.data() + first, imaginary_.data() + first);
    for (std::size_t lane = 0; lane < count; ++lane) {
      const double real = sums.real[lane], imaginary = sums.imaginary[lane];
      const double magnitude = std::sqrt(real * real + imaginary * imaginary);
      magnitudes[frame + lane][first_bin + i] = static_cast<float>(gains[i] * magnitude);
    }
  }
}

}  // namespace chorale::features
