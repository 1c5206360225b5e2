#include "ingest/features/chroma_stft.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "ingest/features/normalize.hpp"
#include "ingest/features/vector.hpp"

namespace chorale::features {
namespace {

constexpr double kSemitones = 12;
constexpr double kCentreOctave = 5, kOctaveWidth = 2;  // above A0; librosa's ctroct and octwidth
constexpr std::size_t kAFromC = 3;                     // the filters are drawn from A and stored from C

double square(double x) { return x * x; }

// Semitones above A0 of bin 0, 1, ..., 1 + n_fft/2; bin 0 counts as 1.5 octaves below bin 1.
std::vector<double> semitones(std::size_t n_fft, double sample_rate, double tuning) {
  const double a0 = 440.0 * std::exp2(tuning / kSemitones) / 16;
  std::vector<double> positions(2 + n_fft / 2);
  for (std::size_t bin = 1; bin < positions.size(); ++bin) {
    const double hz = static_cast<double>(bin) * (sample_rate / static_cast<double>(n_fft));
    positions[bin] = kSemitones * std::log2(hz / a0);
  }
  positions[0] = positions[1] - 1.5 * kSemitones;
  return positions;
}

}  // namespace

ChromaFilterBank::ChromaFilterBank(std::size_t n_fft, double sample_rate, double tuning)
    : weights_((1 + n_fft / 2) * kPitchClasses) {
  const std::vector<double> position = semitones(n_fft, sample_rate, tuning);
  for (std::size_t bin = 0; bin <= n_fft / 2; ++bin) {
    const double width = std::max(position[bin + 1] - position[bin], 1.0);
    std::array<double, kPitchClasses> weights;
    double squares = 0;
    for (std::size_t pitch = 0; pitch < kPitchClasses; ++pitch) {
      const double turn = position[bin] - static_cast<double>(pitch) + 6 + 120;
      const double distance = turn - kSemitones * std::floor(turn / kSemitones) - 6;
      weights[pitch] = std::exp(-0.5 * square(2 * distance / width));
      squares += square(weights[pitch]);
    }
    const double octave = position[bin] / kSemitones;
    const double gain = std::exp(-0.5 * square((octave - kCentreOctave) / kOctaveWidth)) / std::sqrt(squares);
    for (std::size_t pitch = 0; pitch < kPitchClasses; ++pitch) {
      const std::size_t from_c = (pitch + kPitchClasses - kAFromC) % kPitchClasses;
      weights_[bin * kPitchClasses + from_c] = static_cast<float>(weights[pitch] * gain);
    }
  }
}

// Four sums a class, of every fourth bin: a fixed order, and no sum waits for the one before.
CHORALE_VECTORISED void ChromaFilterBank::apply(std::span<const float> power, std::span<float> chroma) const {
  constexpr std::size_t kSums = 4, kWidth = 4, kVectors = kPitchClasses / kWidth;
  Float4 sums[kSums][kVectors] = {};
  const float* weights = weights_.data();
  std::size_t bin = 0;
  for (; bin + kSums <= power.size(); bin += kSums) {
    for (std::size_t sum = 0; sum < kSums; ++sum) {
      for (std::size_t vector = 0; vector < kVectors; ++vector, weights += kWidth) {
        Float4 part;
        load(weights, part);
        sums[sum][vector] += part * power[bin + sum];
      }
    }
  }
  for (; bin < power.size(); ++bin) {
    for (std::size_t vector = 0; vector < kVectors; ++vector, weights += kWidth) {
      Float4 part;
      load(weights, part);
      sums[0][vector] += part * power[bin];
    }
  }
  for (std::size_t vector = 0; vector < kVectors; ++vector) {
    const Float4 total = (sums[0][vector] + sums[1][vector]) + (sums[2][vector] + sums[3][vector]);
    std::memcpy(chroma.data() + vector * kWidth, &total, sizeof total);
  }
}

void chroma_stft(const Frames& power, const ChromaFilterBank& filters, Frames& chroma) {
  chroma.resize(power.frames(), kPitchClasses);
  for (std::size_t frame = 0; frame < power.frames(); ++frame) filters.apply(power[frame], chroma[frame]);
  normalize_frames(chroma, Norm::kMax, chroma);
}

}  // namespace chorale::features
