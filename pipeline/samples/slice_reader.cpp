#include "pipeline/samples/slice_reader.hpp"

#include <algorithm>

namespace chorale::samples {
namespace {

constexpr float kSilence = -100.0F;  // dB: 10 log10(1e-10)

}  // namespace

SliceReader::SliceReader(const Input& input, const Normaliser& normaliser)
    : input_(input), normaliser_(normaliser) {
  if (normaliser.kind != config::Normalisation::kTrackMinMax) return;
  found_ = std::make_unique<std::once_flag[]>(input.store().tracks().size());
  extremes_.resize(input.store().tracks().size());
}

void SliceReader::read(Slice slice, std::size_t frames, float* out) const {
  const std::size_t count = std::min<std::size_t>(frames, input_.frames(slice.track) - slice.first);
  input_.read(slice.track, slice.first, count, out);
  const auto padding = std::span(out + count * bins(), (frames - count) * bins());
  std::size_t normalised = count;
  if (input_.scale() == store::FeatureScale::kDecibel) {
    std::fill(padding.begin(), padding.end(), kSilence);
    normalised = frames;
  } else {
    std::fill(padding.begin(), padding.end(), 0.0F);
  }
  normaliser_.apply(level_of(slice.track, frames - count), bins(), {out, normalised * bins()});
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
