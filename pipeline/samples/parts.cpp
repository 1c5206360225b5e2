#include "pipeline/samples/parts.hpp"

#include <algorithm>

#include "pipeline/config/checks.hpp"
#include "pipeline/dataset/copies.hpp"
#include "pipeline/dataset/split.hpp"

namespace chorale::samples {
namespace {

struct Columns {
  std::vector<dataset::Track> tracks;
  std::vector<std::uint64_t> sources;
};

Columns columns_of(const store::Store& store) {
  Columns columns;
  for (const auto& row : store.tracks()) {
    columns.tracks.push_back(row.track);
    columns.sources.push_back(row.source_hash);
  }
  return columns;
}

}  // namespace

std::vector<config::Part> make_parts(const store::Store& store, const config::Experiment& experiment) {
  const bool asked_for =
      experiment.split.artists == config::Artists::kIgnore || experiment.split.by != config::SplitBy::kGroup;
  if (!asked_for && artists_are_ignored(store, experiment)) {
    throw dataset::SplitError(store.path().string() + ": the artists of most of its tracks are not known. " +
                              config::kArtistsRemedy);
  }
  Columns columns = columns_of(store);
  config::Split split = experiment.split;
  if (split.by != config::SplitBy::kGroup) {
    for (auto& track : columns.tracks) track.group.clear();
  }
  if (split.by == config::SplitBy::kSlice) {  // slices are dealt out, by slices_of
    split.kind = config::SplitKind::kStratified;
    split.validation = split.test = 0;
  }
  auto parts = dataset::make_split(columns.tracks, columns.sources, store.tasks(), split);
  for (std::size_t t = 0; t < parts.size(); ++t) {
    if (std::ranges::none_of(columns.tracks[t].labels, &dataset::Label::known))
      parts[t] = config::Part::kNone;
  }
  return parts;
}

std::vector<std::vector<std::size_t>> find_copies(const store::Store& store) {
  const Columns columns = columns_of(store);
  return dataset::find_copies(columns.tracks, columns.sources);
}

std::size_t count_copies_left_out(const store::Store& store, std::span<const config::Part> parts) {
  std::size_t left_out = 0;
  for (const auto& set : find_copies(store)) {
    const auto used = std::count_if(set.begin(), set.end(),
                                    [&](std::size_t track) { return parts[track] != config::Part::kNone; });
    if (used > 0) left_out += set.size() - static_cast<std::size_t>(used);
  }
  return left_out;
}

bool artists_are_ignored(const store::Store& store, const config::Experiment& experiment) {
  if (!config::is_random_split_of_artists(experiment)) return false;
  std::size_t recordings = 0, alone = 0;
  for (const auto& row : store.tracks()) {
    if (!row.track.variant.empty()) continue;
    ++recordings;
    if (dataset::group_name(row.track) == row.track.id) ++alone;
  }
  return 2 * alone > recordings;
}

}  // namespace chorale::samples
