#include "ingest/features/mel.hpp"

#include <algorithm>
#include <cmath>

#include "ingest/features/decibel.hpp"
#include "ingest/features/vector.hpp"
#include "pipeline/features/mel_scale.hpp"

namespace chorale::features {
namespace {

// n_mels + 2 corners of triangles, even in mel, in Hz.
std::vector<double> corners(const MelOptions& options) {
  const double low = hz_to_mel(options.fmin);
  const double high = hz_to_mel(options.fmax > 0 ? options.fmax : options.sample_rate / 2);
  const double step = (high - low) / static_cast<double>(options.n_mels + 1);
  std::vector<double> hz(options.n_mels + 2);
  for (std::size_t i = 0; i < hz.size(); ++i) hz[i] = mel_to_hz(low + step * static_cast<double>(i));
  return hz;
}

}  // namespace

MelFilterBank::MelFilterBank(const MelOptions& options, std::size_t n_fft) : bins_(1 + n_fft / 2) {
  const std::vector<double> hz = corners(options);
  std::vector<float> weights(bins_);
  for (std::size_t mel = 0; mel < options.n_mels; ++mel) {
    const double left = hz[mel], centre = hz[mel + 1], right = hz[mel + 2];
    const double area_norm = 2.0 / (right - left);
    for (std::size_t bin = 0; bin < bins_; ++bin) {
      const double f = static_cast<double>(bin) * options.sample_rate / static_cast<double>(n_fft);
      const double height = std::min((f - left) / (centre - left), (right - f) / (right - centre));
      // librosa rounds the triangle to float32 before it scales it.
      weights[bin] = static_cast<float>(static_cast<float>(std::max(0.0, height)) * area_norm);
    }
    const auto positive = [](float weight) { return weight > 0; };
    const auto first = std::find_if(weights.begin(), weights.end(), positive);
    const auto last = std::find_if(weights.rbegin(), weights.rend(), positive).base();
    const std::size_t count = first < last ? static_cast<std::size_t>(last - first) : 0;
    rows_.push_back({static_cast<std::size_t>(first - weights.begin()), count, weights_.size()});
    if (count > 0) weights_.insert(weights_.end(), first, last);
  }
}

CHORALE_VECTORISED void MelFilterBank::apply(std::span<const float> power, std::span<float> mel) const {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    const float *weight = weights_.data() + row.offset, *value = power.data() + kLanes * row.first;
    Float8 sum = {}, lanes;
    for (std::size_t k = 0; k < row.count; ++k) {
      load(value + kLanes * k, lanes);
      sum += lanes * weight[k];
    }
    store(sum, mel.data() + kLanes * i);
  }
}

std::vector<float> MelFilterBank::dense() const {
  std::vector<float> matrix(rows_.size() * bins_);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    std::copy_n(weights_.data() + rows_[i].offset, rows_[i].count,
                matrix.data() + i * bins_ + rows_[i].first);
  }
  return matrix;
}

void MelDecibels::compute(std::span<const float> power, std::size_t frames, float* rows) {
  filters_.apply(power, lanes_);
  power_to_db(lanes_);
  Rows out;
  for (std::size_t frame = 0; frame < kLanes; ++frame) out[frame] = rows + frame * n_mels();
  from_lanes(lanes_.data(), n_mels(), out, frames);
}

}  // namespace chorale::features
