#include "ingest/features/mfcc.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "ingest/features/error.hpp"
#include "ingest/features/sums.hpp"

namespace chorale::features {
namespace {

constexpr float kTopDb = 80.0F;
constexpr std::ptrdiff_t kHalf = 4;  // of the nine frames of a delta

// scipy.fft.dct(type=2, norm="ortho"); the first row is not used.
std::vector<float> dct_basis(std::size_t n_mels, std::size_t n_mfcc) {
  const auto n = static_cast<double>(n_mels);
  std::vector<float> basis;
  basis.reserve(n_mfcc * n_mels);
  for (std::size_t k = 0; k < n_mfcc; ++k) {
    const double scale = std::sqrt(2.0 / n);
    for (std::size_t i = 0; i < n_mels; ++i) {
      const double angle = std::numbers::pi * (static_cast<double>(i) + 0.5) * static_cast<double>(k) / n;
      basis.push_back(static_cast<float>(scale * std::cos(angle)));
    }
  }
  return basis;
}

// scipy.signal.savgol_coeffs(9, polyorder=order, deriv=order) in closed form: with k = -4 ... 4, sum k^2 =
// 60; the second orthogonal polynomial is k^2 - 20/3, the sum of its squares 308.
std::array<double, 2 * kHalf + 1> savitzky_golay(Derivative derivative) {
  std::array<double, 2 * kHalf + 1> weights = {};
  for (std::ptrdiff_t k = -kHalf; k <= kHalf; ++k) {
    const auto x = static_cast<double>(k);
    weights[static_cast<std::size_t>(k + kHalf)] =
        derivative == Derivative::kFirst ? x / 60.0 : (3.0 * x * x - 20.0) / 462.0;
  }
  return weights;
}

}  // namespace

Mfcc::Mfcc(std::size_t n_mels, std::size_t n_mfcc)
    : n_mels_(n_mels), n_mfcc_(n_mfcc), basis_(dct_basis(n_mels, n_mfcc)), row_(n_mels) {
  if (n_mfcc <= n_mels) return;
  throw FeatureError("features.mfcc.n_mfcc is " + std::to_string(n_mfcc) + ", but features.mel.n_mels only " +
                     std::to_string(n_mels) + ": there are no more coefficients than mel bands");
}

void Mfcc::compute(std::span<const float> mel, Frames& mfcc) {
  const float floor = *std::ranges::max_element(mel) - kTopDb;
  mfcc.resize(mel.size() / n_mels_, n_mfcc_);
  for (std::size_t frame = 0; frame < mfcc.frames(); ++frame) {
    const auto decibels = mel.subspan(frame * n_mels_, n_mels_);
    std::ranges::transform(decibels, row_.begin(), [&](float value) { return std::max(value, floor); });
    // All cosines but the first sum to 0, so that the mean may go: what does not vary gives exactly 0, as in
    // librosa.
    const double total = sum(row_);
    const auto mean = static_cast<float>(total / static_cast<double>(n_mels_));
    for (float& value : row_) value -= mean;
    mfcc[frame][0] = static_cast<float>(total / std::sqrt(static_cast<double>(n_mels_)));
    for (std::size_t k = 1; k < n_mfcc_; ++k) {
      mfcc[frame][k] = dot(std::span(basis_).subspan(k * n_mels_, n_mels_), row_);
    }
  }
}

void delta(const Frames& features, Derivative derivative, Frames& result) {
  const auto weights = savitzky_golay(derivative);
  const auto frames = static_cast<std::ptrdiff_t>(features.frames());
  result.resize(features.frames(), features.bins());
  for (std::ptrdiff_t frame = 0; frame < frames; ++frame) {
    const bool interpolated = frames > 2 * kHalf;
    const auto centre = interpolated ? std::clamp(frame, kHalf, frames - 1 - kHalf) : frame;
    const auto out = result[static_cast<std::size_t>(frame)];
    for (std::size_t bin = 0; bin < out.size(); ++bin) {
      double sum = 0;
      for (std::ptrdiff_t k = -kHalf; k <= kHalf; ++k) {
        const auto neighbour =
            static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(centre + k, 0, frames - 1));
        sum += weights[static_cast<std::size_t>(k + kHalf)] * static_cast<double>(features[neighbour][bin]);
      }
      out[bin] = static_cast<float>(sum);
    }
  }
}

}  // namespace chorale::features
