// How stored values become network input.
//
// Of decibels (reference 1.0, no floor), in this order: the track's maximum is subtracted (reference = max);
// values are clipped below at the maximum
// - top_db, as power_to_db clips the whole array (librosa 0.11, core/spectrum.py:1814-1820); then normalised:
//   none          as they are, in dB
//   track_minmax  to [0, 1] between the minimum and the maximum of the whole track after clipping
//   bin_zscore    (value - mean of the bin) / standard deviation of the bin
// Half precision may have rounded a value up past the track's maximum; it is clipped to it. A gain (of
// train.augment) is added after the reference, which would cancel it, and before the floor, which is that of
// the track as it was stored. Values that are not decibels are normalised alone: reference, top_db and gain
// mean nothing to them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/samples/input.hpp"

namespace chorale::samples {

// Extremes of a whole track. Of decibels `min` matters for track_minmax alone, of other values both do.
struct TrackLevel {
  float max = 0, min = 0;
};

// What the values of one track go through on their way into a network:
//   (max(min(value, upper) + shift, lower) - offset) * factor
// where bin_zscore has an offset and a factor a bin, Normaliser::mean and scale, instead of these.
struct TrackScaling {
  float upper, shift, lower, offset = 0, factor = 1;
};

// Statistics come from the training part alone and travel with the run.
struct Normaliser {
  config::Reference reference = config::Reference::kMax;
  double top_db = 80.0;
  config::Normalisation kind = config::Normalisation::kBinZScore;
  std::vector<float> mean, scale;  // per bin, kBinZScore only; scale = 1/std, std at least kMinStd
  store::FeatureScale scale_of_values = store::FeatureScale::kDecibel;

  // A bin that hardly varies in training (above a codec's low-pass) must not be blown up elsewhere.
  static constexpr double kMinStd = 1.0;  // dB
  static constexpr double kMinLinearStd = 1e-6;

  // One pass over the frames of the training tracks in store order, in double precision: the same on every
  // rank. Throws runtime::UsageError when no track is in the training part.
  static Normaliser fit(const Input& input, std::span<const config::Part> parts,
                        const config::Train& options);

  // `gain` in dB.
  TrackScaling scaling(TrackLevel level, float gain = 0) const;

  // In place on [frames, bins] of one track.
  void apply(const TrackScaling& scaling, std::size_t bins, std::span<float> values) const;

  std::string to_json() const;
  static Normaliser from_json(std::string_view text);  // throws config::JsonError
};

// Mean and standard deviation per bin, from values after reference and top_db.
class BinStatistics {
 public:
  explicit BinStatistics(std::size_t bins) : sum_(bins), square_(bins) {}
  void add(std::span<const float> values);  // [frames, bins]
  std::uint64_t frames() const { return frames_; }
  void store_in(Normaliser& normaliser) const;

 private:
  std::vector<double> sum_, square_;
  std::uint64_t frames_ = 0;
};

}  // namespace chorale::samples
