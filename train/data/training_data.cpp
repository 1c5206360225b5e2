#include "train/data/training_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/samples/parts.hpp"
#include "pipeline/samples/slices.hpp"
#include "train/data/part_summary.hpp"

namespace chorale::train {
namespace {

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

}  // namespace

TrainingData::TrainingData(const comm::MpiSession& session, const config::Experiment& experiment,
                           std::optional<Statistics> statistics)
    : store_(open_store(experiment)),
      dealt_by_(experiment.split.by),
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
  return {input_, statistics_.normaliser, slices_of(store_, parts_, part, experiment), frames_, &vectors_};
}

void TrainingData::log_summary() const {
  log_parts(store_, parts_, outputs_, label_statistics_,
            {.training = training_.slices.size(), .validation = validation_.slices.size()}, dealt_by_);
}

}  // namespace chorale::train
