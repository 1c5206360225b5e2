#include "pipeline/samples/slice_reader.hpp"

#include <algorithm>

namespace chorale::samples {

SliceReader::SliceReader(const Input& input, const Normaliser& normaliser)
    : input_(input), normaliser_(normaliser) {
  if (normaliser.kind != config::Normalisation::kTrackMinMax) return;
  found_ = std::make_unique<std::once_flag[]>(input.store().tracks().size());
  extremes_.resize(input.store().tracks().size());
}

std::size_t SliceReader::own_frames(Slice slice, std::size_t frames) const {
  return std::min<std::size_t>(frames, input_.frames(slice.track) - slice.first);
}

void SliceReader::read(const View& view, std::size_t frames, float* out) const {
  const Slice slice = view.slice;
  const std::size_t count = own_frames(slice, frames);
  const TrackLevel level = level_of(slice.track, frames - count);
  const std::span own(out, count * bins()), padding(own.data() + own.size(), (frames - count) * bins());
  input_.read(slice.track, slice.first, count, out);
  normaliser_.apply(normaliser_.scaling(level, view.gain), bins(), own);
  if (input_.scale() == store::FeatureScale::kDecibel) {
    std::ranges::fill(padding, kSilence);
    normaliser_.apply(normaliser_.scaling(level), bins(), padding);
  } else {
    std::ranges::fill(padding, 0.0F);
  }
}

TrackLevel SliceReader::level_of(std::size_t track, std::size_t padding) const {
  if (input_.scale() == store::FeatureScale::kLinear) return found_ ? extremes_of(track) : TrackLevel{};
  const float min = found_ && padding == 0 ? extremes_of(track).min : kSilence;
  return {input_.maximum(track), min};
}

const TrackLevel& SliceReader::extremes_of(std::size_t track) const {
  std::call_once(found_[track], [&] {
    std::vector<float> values(input_.frames(track) * bins());
    input_.read(track, 0, input_.frames(track), values.data());
    const auto [min, max] = std::minmax_element(values.begin(), values.end());
    extremes_[track] = {*max, *min};
  });
  return extremes_[track];
}

}  // namespace chorale::samples
