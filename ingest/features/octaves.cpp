#include "ingest/features/octaves.hpp"

#include <cstdint>

namespace chorale::features {

void OctaveSignals::begin_track(std::span<const float> samples) {
  samples_ = samples;
  made_ = 0;
}

std::span<const float> OctaveSignals::at(std::size_t first_divisor, std::size_t halvings) {
  if (first_divisor != first_divisor_) made_ = 0;
  first_divisor_ = first_divisor;
  while (resamplers_.size() <= halvings) resamplers_.emplace_back(1);
  signals_.resize(resamplers_.size());
  for (; made_ <= halvings; ++made_) {
    const std::size_t divisor = made_ == 0 ? first_divisor : 2;
    const std::span<const float> before = made_ == 0 ? samples_ : signals_[made_ - 1];
    signals_[made_] = resamplers_[made_].resample(before, static_cast<std::int32_t>(divisor));
  }
  return signals_[halvings];
}

}  // namespace chorale::features
