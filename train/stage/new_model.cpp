#include "train/stage/new_model.hpp"

#include <fmt/ranges.h>

#include "pipeline/models/initial_weights.hpp"
#include "pipeline/models/layer_table.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::train {
namespace {

void log_taken(const models::TakenWeights& weights) {
  spdlog::info("{} tensors of initial weights from {}", weights.taken, weights.file.string());
  if (!weights.fresh.empty()) spdlog::info("not from there: {}", fmt::join(weights.fresh, ", "));
  if (!weights.left.empty()) spdlog::info("not of this model: {}", fmt::join(weights.left, ", "));
}

}  // namespace

std::shared_ptr<models::Model> new_model(const comm::MpiSession& session,
                                         const config::Experiment& experiment, const TrainingData& data,
                                         FirstWeights weights) {
  runtime::RandomStream stream(static_cast<std::uint64_t>(experiment.train.seed),
                               {runtime::key_of("weights")});
  torch::manual_seed(stream.next());
  const config::Model& options = experiment.model;
  const auto model = models::make_model(options, data.shape(), models::width(data.outputs()));
  if (weights == FirstWeights::kOfExperiment && !options.initial_weights.empty()) {
    const auto taken = models::take_weights(*model, options.initial_weights);
    if (session.rank() == 0) log_taken(taken);
  }
  if (session.rank() == 0) {
    models::InputShape shape = data.shape();
    if (shape.frames == 0) shape.frames = models::kFramesOfAClip;
    runtime::write_file(checkpoint::RunFolder(experiment.run.dir).layers(),
                        models::layer_table(*model, shape).to_json());
  }
  if (options.freeze) models::freeze(*model, *options.freeze);
  return model;
}

}  // namespace chorale::train
