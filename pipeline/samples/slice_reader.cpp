#include "pipeline/samples/slice_reader.hpp"

#include <algorithm>

namespace chorale::samples {

SliceReader::SliceReader(const Input& input, const Normaliser& normaliser)
    : input_(input), normaliser_(normaliser) {
  if (normaliser.kind != config::Normalisation::kTrackMinMax) return;
  found_ = std::make_unique<std::once_flag[]>(input.store().tracks().size());
  extremes_.resize(input.store().tracks().size());
}

std::size_t SliceReader::own_frames(const View& view) const {
  return std::min<std::size_t>(view.frames, input_.frames(view.slice.track) - view.slice.first);
}

void SliceReader::read(const View& view, std::size_t frames, float* out) const {
  const std::size_t count = own_frames(view);
  const TrackLevel level = level_of(view);
  const std::span own(out, count * bins()), padding(out + own.size(), (frames - count) * bins());
  input_.read(view.slice.track, view.slice.first, count, out);
  normaliser_.apply(normaliser_.scaling(level, view.gain), bins(), own);
  if (input_.scale() == store::FeatureScale::kDecibel) {
    std::ranges::fill(padding, kSilence);
    normaliser_.apply(normaliser_.scaling(level), bins(), padding);
  } else {
    std::ranges::fill(padding, 0.0F);
  }
}

TrackLevel SliceReader::level_of(const View& view) const {
  const std::size_t track = view.slice.track;
  if (input_.scale() == store::FeatureScale::kLinear) return found_ ? extremes_of(track) : TrackLevel{};
  const bool whole = own_frames(view) == view.frames;
  return {input_.maximum(track), found_ && whole ? extremes_of(track).min : kSilence};
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
