#include "train/data/training_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
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

std::vector<config::Part> deal_out(const store::Store& store, const config::Experiment& experiment) {
  auto parts = samples::make_parts(store, experiment);
  if (experiment.split.by == config::SplitBy::kGroup) assert_no_leak(store.tracks(), parts);
  samples::require_slices_fit(store, parts, experiment);
  return parts;
}

std::vector<config::Part> without_test(std::vector<config::Part> parts) {
  std::ranges::replace(parts, config::Part::kTest, config::Part::kNone);
  return parts;
}

samples::Input make_input(const store::Store& store, const config::Train& options,
                          std::span<const config::Part> parts) {
  samples::Input input(store, options.input);
  if (options.resident == config::Residency::kHost) input.hold(parts);
  return input;
}

Statistics fit(const comm::MpiSession& session, const samples::Input& input,
               std::span<const config::Part> parts, const config::Train& options) {
  const auto normaliser = comm::from_rank_zero(
      session, [&] { return samples::Normaliser::fit(input, parts, options).to_json(); });
  const auto vector = comm::from_rank_zero(
      session, [&] { return samples::VectorEncoder::fit(input.store(), options.vector, parts).to_json(); });
  return {samples::Normaliser::from_json(normaliser), samples::VectorEncoder::from_json(vector)};
}

// Songs of one part in one task.
class SongCounts {
 public:
  explicit SongCounts(const models::Output& output) : output_(output) {
    if (output.task.kind != config::TaskKind::kRegression)
      per_class_.resize(static_cast<std::size_t>(output.count));
  }

  void add(const dataset::Label& label) {
    known_ += label.known;
    for (const auto index : label.classes) ++per_class_[static_cast<std::size_t>(index % output_.count)];
  }

  std::string text(std::size_t songs) const {
    std::vector<std::string> parts;
    if (known_ < songs || per_class_.empty()) parts.push_back(fmt::format("{} known", known_));
    if (per_class_.size() > kMostListed) {
      parts.push_back(fmt::format("{} of {} classes",
                                  std::ranges::count_if(per_class_, [](std::size_t n) { return n > 0; }),
                                  per_class_.size()));
    } else {
      for (std::size_t c = 0; c < per_class_.size(); ++c)
        parts.push_back(fmt::format("{} {}", output_.task.classes[c], per_class_[c]));
    }
    return fmt::format("{}: {}", output_.task.name, fmt::join(parts, ", "));
  }

 private:
  static constexpr std::size_t kMostListed = 16;

  const models::Output& output_;
  std::size_t known_ = 0;
  std::vector<std::size_t> per_class_;
};

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
                           std::optional<Statistics> statistics)
    : store_(open_store(experiment)),
      frames_(samples::slice_frames(experiment)),
      outputs_(models::outputs_of(store_.tasks(), experiment.train.key_classes)),
      parts_(deal_out(store_, experiment)),
      learned_from_(without_test(parts_)),
      input_(make_input(store_, experiment.train, learned_from_)),
      statistics_(statistics ? *std::move(statistics) : fit(session, input_, parts_, experiment.train)),
      vectors_(store_, statistics_.vector, parts_),
      training_(source(experiment, config::Part::kTrain)),
      validation_(source(experiment, config::Part::kValidation)),
      label_statistics_(train::label_statistics(outputs_, store_.tracks(), training_.slices)) {
  require_labels(outputs_, label_statistics_, store_.tracks());
}

samples::Source TrainingData::source(const config::Experiment& experiment, config::Part part) const {
  auto slices = samples::slices_of(store_, parts_, part, experiment);
  if (slices.empty()) {
    throw runtime::UsageError(fmt::format("{}: no labelled track is in the {} part; change split.*",
                                          store_.path().string(), config::name_of(part)));
  }
  return {input_, statistics_.normaliser, std::move(slices), frames_, &vectors_};
}

std::string TrainingData::describe(config::Part part) const {
  const auto& tracks = store_.tracks();
  std::size_t songs = 0, variants = 0;
  std::set<std::string> groups;
  std::vector<SongCounts> counts(outputs_.begin(), outputs_.end());
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (parts_[t] != part) continue;
    if (!tracks[t].track.variant.empty()) {
      ++variants;
      continue;
    }
    ++songs;
    groups.insert(dataset::group_name(tracks[t].track));
    for (std::size_t task = 0; task < counts.size(); ++task) counts[task].add(tracks[t].track.labels[task]);
  }
  std::string text = fmt::format("{}: {} songs, {} groups", config::name_of(part), songs, groups.size());
  if (variants > 0) text += fmt::format(", {} variants", variants);
  if (part == config::Part::kTrain) text += fmt::format(", {} slices", training_.slices.size());
  if (part == config::Part::kValidation) text += fmt::format(", {} slices", validation_.slices.size());
  std::vector<std::string> tasks;
  for (const SongCounts& count : counts) tasks.push_back(count.text(songs));
  return fmt::format("{} ({})", text, fmt::join(tasks, "; "));
}

void TrainingData::log_summary() const {
  for (const auto part : {config::Part::kTrain, config::Part::kValidation, config::Part::kTest})
    spdlog::info("{}", describe(part));
  if (const auto copies = samples::count_copies_left_out(store_, parts_); copies > 0)
    spdlog::info("{} songs left out, as copies of the same audio file are in one part only", copies);
  for (const auto& line : missing_classes(outputs_, label_statistics_)) spdlog::warn("{}", line);
}

}  // namespace chorale::train
