#include "pipeline/samples/slices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "pipeline/config/config.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/hash.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::samples {
namespace {

// Products like 100 * (1 - 0.9) lie a rounding error below the whole number they stand for.
std::size_t floor_at_least_one(double value) {
  return static_cast<std::size_t>(std::max(1.0, std::floor(value + 1e-9)));
}

double frames_a_second(const config::Experiment& experiment) {
  return static_cast<double>(experiment.audio.sample_rate) /
         static_cast<double>(experiment.features.hop_length);
}

config::Part part_of_slice(const dataset::Track& track, std::uint32_t first, const config::Split& split) {
  using config::Part;
  if (!track.variant.empty()) return Part::kTrain;
  runtime::RandomStream stream(static_cast<std::uint64_t>(split.seed),
                               {runtime::key_of("slices"), runtime::key_of(track.id), first});
  const double place = stream.uniform();
  if (split.kind == config::SplitKind::kStratified) {
    if (place < split.test) return Part::kTest;
    return place < split.test + split.validation ? Part::kValidation : Part::kTrain;
  }
  if (static_cast<std::int64_t>(place * static_cast<double>(split.folds)) + 1 == split.fold)
    return Part::kTest;
  return stream.uniform() < split.validation ? Part::kValidation : Part::kTrain;
}

}  // namespace

std::size_t slice_frames(const config::Experiment& experiment) {
  if (experiment.train.slice_seconds == 0 || config::is_baseline(experiment.model.name)) return 0;
  return floor_at_least_one(experiment.train.slice_seconds * frames_a_second(experiment));
}

void require_slices_fit(const store::Store& store, std::span<const config::Part> parts,
                        const config::Experiment& experiment) {
  const std::size_t frames = slice_frames(experiment);
  std::uint64_t longest = 0;
  for (std::size_t track = 0; track < parts.size(); ++track) {
    if (parts[track] == config::Part::kTrain) longest = std::max(longest, store.tracks()[track].frame_count);
  }
  if (frames <= longest) return;
  throw runtime::UsageError(
      fmt::format("train.slice_seconds = {}: slices of {} frames are longer than every track of the training "
                  "part; the longest has {} frames ({:.3g} s). Take shorter slices, or whole tracks: "
                  "train.slice_seconds=0",
                  experiment.train.slice_seconds, frames, longest,
                  static_cast<double>(longest) / frames_a_second(experiment)));
}

std::string split_hash(const store::Store& store, std::span<const config::Part> parts) {
  std::string text;
  for (std::size_t t = 0; t < parts.size(); ++t) {
    const auto& [track, source_hash] = std::tie(store.tracks()[t].track, store.tracks()[t].source_hash);
    text += fmt::format("{}\n{}\n{} {} {:x}\n", track.id, track.group, config::name_of(parts[t]),
                        dataset::to_text(track.labels), source_hash);
  }
  return runtime::xxh3_hex(text);
}

std::vector<std::uint32_t> slice_starts(std::uint64_t frame_count, std::size_t frames, double overlap) {
  if (frames == 0 || frame_count < frames) return {0};
  const std::size_t hop = floor_at_least_one(static_cast<double>(frames) * (1.0 - overlap));
  std::vector<std::uint32_t> starts;
  for (std::uint64_t first = 0; first + frames <= frame_count; first += hop) {
    starts.push_back(static_cast<std::uint32_t>(first));
  }
  return starts;
}

std::vector<Slice> make_slices(const store::Store& store, std::span<const config::Part> parts,
                               config::Part part, std::size_t frames, double overlap) {
  std::vector<Slice> slices;
  for (std::uint32_t track = 0; track < parts.size(); ++track) {
    if (parts[track] != part) continue;
    for (const std::uint32_t first : slice_starts(store.tracks()[track].frame_count, frames, overlap)) {
      slices.push_back({track, first});
    }
  }
  return slices;
}

std::vector<Slice> slices_of(const store::Store& store, std::span<const config::Part> parts,
                             config::Part part, const config::Experiment& experiment) {
  const bool by_slice = experiment.split.by == config::SplitBy::kSlice;
  auto slices = make_slices(store, parts, by_slice ? config::Part::kTrain : part, slice_frames(experiment),
                            experiment.train.slice_overlap);
  if (by_slice) {
    std::erase_if(slices, [&](const Slice& slice) {
      return part_of_slice(store.tracks()[slice.track].track, slice.first, experiment.split) != part;
    });
  }
  return slices;
}

}  // namespace chorale::samples
