#include "train/baselines/baseline_data.hpp"

#include "train/data/part_summary.hpp"
#include "train/data/parts.hpp"

namespace chorale::train {
namespace {

std::vector<double> class_weights(const BaselineData& data, const config::Train& options) {
  if (options.class_weights == config::Weighting::kBalanced) return balanced_weights(data.statistics.front());
  return std::vector<double>(data.classes(), 1.0);
}

void fill(const BaselineData& data, const samples::Vectors& vectors, std::span<const double> weights,
          BaselineRows& rows) {
  for (const auto& slice : rows.tracks) {
    const auto vector = vectors.of(slice.track);
    rows.vectors.insert(rows.vectors.end(), vector.begin(), vector.end());
    const auto label =
        models::class_of(data.outputs.front(), data.store.tracks()[slice.track].track.labels.front());
    rows.classes.push_back(static_cast<std::int32_t>(label));
    rows.weights.push_back(static_cast<float>(weights[static_cast<std::size_t>(label)]));
  }
}

}  // namespace

void BaselineData::log_summary() const {
  log_parts(store, parts, outputs, statistics, {}, config::SplitBy::kTrack);
}

BaselineData read_baseline_data(const config::Experiment& experiment) {
  BaselineData data{.store = open_store(experiment)};
  data.parts = deal_out(data.store, experiment);
  data.outputs = models::outputs_of(data.store.tasks(), experiment.train.key_classes);
  data.encoder = samples::VectorEncoder::fit(data.store, experiment.train.vector, data.parts);
  data.columns = samples::encoded_columns(data.store, data.encoder);
  data.training.tracks = slices_of(data.store, data.parts, config::Part::kTrain, experiment);
  data.validation.tracks = slices_of(data.store, data.parts, config::Part::kValidation, experiment);
  data.statistics = label_statistics(data.outputs, data.store.tracks(), data.training.tracks);
  require_labels(data.outputs, data.statistics, data.store.tracks());
  const samples::Vectors vectors(data.store, data.encoder, data.parts);
  const auto weights = class_weights(data, experiment.train);
  fill(data, vectors, weights, data.training);
  fill(data, vectors, weights, data.validation);
  return data;
}

}  // namespace chorale::train
