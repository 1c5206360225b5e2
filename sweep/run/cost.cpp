#include "sweep/run/cost.hpp"

#include <fmt/format.h>

#include "pipeline/config/model_options.hpp"
#include "pipeline/models/layer_table.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/samples/input.hpp"
#include "pipeline/samples/parts.hpp"
#include "pipeline/samples/slices.hpp"
#include "pipeline/samples/vectors.hpp"
#include "train/data/training_data.hpp"

namespace chorale::sweep {
namespace {

struct Shape {
  models::InputShape input;
  std::int64_t outputs = 0, slices = 0;
};

Shape shape_of(const config::Experiment& experiment) {
  const auto store = train::open_store(experiment);
  const auto parts = samples::make_parts(store, experiment);
  const auto frames = static_cast<std::int64_t>(samples::slice_frames(experiment));
  const auto slices = samples::slices_of(store, parts, config::Part::kTrain, experiment);
  const auto vector = samples::VectorEncoder::fit(store, experiment.train.vector, parts);
  return {{.bins = static_cast<std::int64_t>(samples::Input(store, experiment.train.input).bins()),
           .frames = frames > 0 ? frames : models::kFramesOfAClip,
           .vector = static_cast<std::int64_t>(vector.width())},
          models::width(models::outputs_of(store.tasks(), experiment.train.key_classes)),
          static_cast<std::int64_t>(slices.size())};
}

}  // namespace

std::map<std::string, Cost> costs(std::span<const Cell> cells) {
  std::map<std::string, Cost> costs;
  std::map<std::string, models::LayerTable> tables;  // cells share models
  for (const Cell& cell : cells) {
    const config::Model& model = cell.experiment.model;
    if (config::is_baseline(model.name)) {  // fitted in seconds, beside the others
      costs[cell.name] = {};
      continue;
    }
    const Shape shape = shape_of(cell.experiment);
    const std::string key =
        fmt::format("{} {} {} {} {} {}", model.name, config::options_text(model), shape.input.bins,
                    shape.input.frames, shape.input.vector, shape.outputs);
    if (!tables.contains(key))
      tables[key] = models::layer_table(*models::make_model(model, shape.input, shape.outputs), shape.input);
    costs[cell.name] = {tables[key].parameters, shape.slices, tables[key].multiply_adds};
  }
  return costs;
}

}  // namespace chorale::sweep
