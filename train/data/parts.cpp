#include "train/data/parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <stdexcept>
#include <string>

#include "pipeline/config/config.hpp"
#include "pipeline/samples/parts.hpp"

namespace chorale::train {

store::Store open_store(const config::Experiment& experiment) {
  auto store = store::Store::open(experiment.store.path);
  if (store.config_hash() != config::store_hash(experiment))
    throw store::StoreMismatch(fmt::format(
        "{} was made with another configuration:\n  {}\nTrain with that configuration, or make the store "
        "again: "
        "chorale ingest CONFIG --rebuild",
        experiment.store.path,
        fmt::join(config::differences(config::resolved_store(experiment), store.config_text()), "\n  ")));
  return store;
}

std::vector<config::Part> deal_out(const store::Store& store, const config::Experiment& experiment) {
  auto parts = samples::make_parts(store, experiment);
  if (experiment.split.by == config::SplitBy::kGroup) assert_no_leak(store.tracks(), parts);
  samples::require_slices_fit(store, parts, experiment);
  return parts;
}

std::vector<samples::Slice> slices_of(const store::Store& store, std::span<const config::Part> parts,
                                      config::Part part, const config::Experiment& experiment) {
  auto slices = samples::slices_of(store, parts, part, experiment);
  if (slices.empty()) {
    throw runtime::UsageError(fmt::format("{}: no labelled track is in the {} part; change split.*",
                                          store.path().string(), config::name_of(part)));
  }
  return slices;
}

void assert_no_leak(std::span<const store::StoredTrack> tracks, std::span<const config::Part> parts) {
  std::map<std::string, config::Part> part_of;
  const auto keep_together = [&](const std::string& what, std::size_t t) {
    const auto [known, added] = part_of.emplace(what, parts[t]);
    if (known->second == parts[t]) return;
    throw std::logic_error(fmt::format("{} is in {} and, with {}, in {}", what,
                                       config::name_of(known->second), tracks[t].track.path,
                                       config::name_of(parts[t])));
  };
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (parts[t] == config::Part::kNone) continue;
    keep_together("group " + dataset::group_name(tracks[t].track), t);
    if (tracks[t].source_hash != 0) keep_together(fmt::format("file {:016x}", tracks[t].source_hash), t);
  }
}

}  // namespace chorale::train
