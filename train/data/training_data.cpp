#include "train/data/training_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <set>
#include <stdexcept>

#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/samples/parts.hpp"
#include "pipeline/samples/slices.hpp"

namespace chorale::train {
namespace {

// The part of each track; tracks without a label of the first task are in none.
std::vector<config::Part> deal_out(const store::Store& store, const config::Experiment& experiment) {
  auto parts = samples::make_parts(store, experiment);
  for (std::size_t t = 0; t < parts.size(); ++t) {
    if (!store.tracks()[t].track.labels.front().known) parts[t] = config::Part::kNone;
  }
  assert_no_leak(store.tracks(), parts);
  return parts;
}

samples::Normaliser fit(const comm::MpiSession& session, const samples::Input& input,
                        std::span<const config::Part> parts, const config::Train& options) {
  return samples::Normaliser::from_json(comm::from_rank_zero(
      session, [&] { return samples::Normaliser::fit(input, parts, options).to_json(); }));
}

}  // namespace

store::Store open_store(const config::Experiment& experiment) {
  auto store = store::Store::open(experiment.store.path);
  if (store.config_hash() != config::store_hash(experiment))
    throw store::StoreMismatch(fmt::format(
        "{} was made with another configuration:\n  {}\nTrain with that configuration, or make the store "
        "again: "
        "chorale ingest CONFIG --rebuild",
        experiment.store.path,
        fmt::join(config::differences(config::resolved_store(experiment), store.config_text()), "\n  ")));
  if (const auto& task = store.tasks().front(); task.kind != config::TaskKind::kSingle) {
    throw runtime::UsageError(fmt::format(
        "dataset.tasks: {} is of kind {}, and this version trains tasks of kind single. Name one first.",
        task.name, config::name_of(task.kind)));
  }
  return store;
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

TrainingData::TrainingData(const comm::MpiSession& session, const config::Experiment& experiment,
                           std::optional<samples::Normaliser> normaliser)
    : store_(open_store(experiment)),
      input_(store_, experiment.train.input),
      frames_(samples::slice_frames(experiment)),
      outputs_(models::outputs_of(store_.tasks(), experiment.train.key_classes)),
      parts_(deal_out(store_, experiment)),
      normaliser_(normaliser ? *std::move(normaliser) : fit(session, input_, parts_, experiment.train)),
      training_(source(experiment, config::Part::kTrain)),
      validation_(source(experiment, config::Part::kValidation)) {}

samples::Source TrainingData::source(const config::Experiment& experiment, config::Part part) const {
  auto slices = samples::make_slices(store_, parts_, part, frames_, experiment.train.slice_overlap);
  if (slices.empty()) {
    throw runtime::UsageError(fmt::format("{}: no labelled track is in the {} part; change split.*",
                                          store_.path().string(), config::name_of(part)));
  }
  return {input_, normaliser_, std::move(slices), frames_};
}

void TrainingData::log_summary() const {
  const auto& tracks = store_.tracks();
  const auto& classes = store_.tasks().front().classes;
  for (const auto part : {config::Part::kTrain, config::Part::kValidation, config::Part::kTest}) {
    std::size_t songs = 0, variants = 0;
    std::set<std::string> groups;
    std::vector<std::size_t> per_class(classes.size());
    for (std::size_t t = 0; t < tracks.size(); ++t) {
      if (parts_[t] != part) continue;
      if (!tracks[t].track.variant.empty()) {
        ++variants;
        continue;
      }
      ++songs;
      groups.insert(dataset::group_name(tracks[t].track));
      ++per_class[static_cast<std::size_t>(tracks[t].track.labels.front().index())];
    }
    std::vector<std::string> counts;
    for (std::size_t c = 0; c < classes.size(); ++c)
      counts.push_back(fmt::format("{} {}", classes[c], per_class[c]));
    std::string slices;
    if (variants > 0) slices = fmt::format(", {} variants", variants);
    if (part == config::Part::kTrain) slices += fmt::format(", {} slices", training_.slices.size());
    if (part == config::Part::kValidation) slices += fmt::format(", {} slices", validation_.slices.size());
    spdlog::info("{}: {} songs, {} groups{} ({})", config::name_of(part), songs, groups.size(), slices,
                 fmt::join(counts, ", "));
  }
  if (const auto copies = samples::count_copies_left_out(store_, parts_); copies > 0)
    spdlog::info("{} songs left out, as copies of the same audio file are in one part only", copies);
}

}  // namespace chorale::train
