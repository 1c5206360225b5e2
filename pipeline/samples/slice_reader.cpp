#include "pipeline/samples/slice_reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace chorale::samples {
namespace {

constexpr float kSilence = -100.0F;  // dB: 10 log10(1e-10)

}  // namespace

SliceReader::SliceReader(const store::Store& store, const Normaliser& normaliser)
    : store_(store), normaliser_(normaliser) {
  if (normaliser.kind != config::Normalisation::kTrackMinMax) return;
  minima_ = std::make_unique<std::atomic<float>[]>(store.tracks().size());
  for (std::size_t i = 0; i < store.tracks().size(); ++i)
    minima_[i] = std::numeric_limits<float>::quiet_NaN();
}

void SliceReader::read(Slice slice, std::size_t frames, float* out) const {
  const store::StoredTrack& row = store_.tracks()[slice.track];
  const std::size_t count = std::min<std::size_t>(frames, row.frame_count - slice.first);
  store_.read_mel(slice.track, slice.first, count, out);
  std::fill(out + count * bins(), out + frames * bins(), kSilence);

  TrackLevel level{row.mel_max, kSilence};
  if (minima_ && count == frames) level.min = track_min(slice.track);
  normaliser_.apply(level, bins(), {out, frames * bins()});
}

// Two threads may both compute it, and store the same value.
float SliceReader::track_min(std::size_t track) const {
  const float known = minima_[track].load(std::memory_order_relaxed);
  if (!std::isnan(known)) return known;
  std::vector<float> mel(store_.tracks()[track].frame_count * bins());
  store_.read_mel(track, 0, store_.tracks()[track].frame_count, mel.data());
  const float min = *std::min_element(mel.begin(), mel.end());
  minima_[track].store(min, std::memory_order_relaxed);
  return min;
}

}  // namespace chorale::samples
