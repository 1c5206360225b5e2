// Mel spectrograms in dB, equal to librosa 0.11: power_to_db(melspectrogram(y), ref=1.0, top_db=None).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ingest/features/stft.hpp"

namespace chorale::features {

struct MelOptions {
  double sample_rate = 22050;  // Hz
  std::size_t n_mels = 128;
  double fmin = 0;  // Hz
  double fmax = 0;  // Hz; 0: half the sample rate

  bool operator==(const MelOptions&) const = default;
};

// Slaney's mel filters (librosa.filters.mel, norm="slaney"): triangles drawn in Hz, each of area 1.
class MelFilterBank {
 public:
  MelFilterBank(const MelOptions& options, std::size_t n_fft);

  std::size_t n_mels() const { return rows_.size(); }
  // Of eight frames in lanes (lanes.hpp): power [1 + n_fft/2][kLanes] to mel [n_mels][kLanes].
  void apply(std::span<const float> power, std::span<float> mel) const;
  // The filters as a full matrix [n_mels, 1 + n_fft/2].
  std::vector<float> dense() const;

 private:
  struct Row {
    std::size_t first = 0, count = 0;  // bins with a weight
    std::size_t offset = 0;            // into weights_
  };
  std::size_t bins_;
  std::vector<Row> rows_;
  std::vector<float> weights_;
};

// Power in lanes to mel in dB, reference 1 and no floor but amin.
class MelDecibels {
 public:
  MelDecibels(const MelOptions& options, std::size_t n_fft)
      : filters_(options, n_fft), lanes_(filters_.n_mels() * kLanes) {}

  std::size_t n_mels() const { return filters_.n_mels(); }
  // power: [1 + n_fft/2][kLanes]; rows: those of the `frames` frames in the first lanes, [frames, n_mels].
  void compute(std::span<const float> power, std::size_t frames, float* rows);

 private:
  MelFilterBank filters_;
  std::vector<float> lanes_;  // [n_mels][kLanes]
};

}  // namespace chorale::features
