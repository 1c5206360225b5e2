#include "eval/stage/baseline_forward.hpp"

#include "pipeline/baselines/fitted.hpp"
#include "pipeline/samples/vectors.hpp"

namespace chorale::eval {

Forward baseline_forward(const OpenedRun& run) {
  const samples::Vectors vectors(run.store, run.state.vector, run.parts);
  std::vector<float> rows;
  for (const auto& slice : run.slices) {
    const auto vector = vectors.of(slice.track);
    rows.insert(rows.end(), vector.begin(), vector.end());
  }
  const auto model =
      baselines::load(run.checkpoint, run.experiment.model, vectors.width(),
                      static_cast<std::size_t>(models::width(run.outputs)), run.experiment.train.threads);
  return {.predictions = model->predict(rows),
          .parameters = model->parameters(),
          .importance = model->importance(samples::encoded_columns(run.store, run.state.vector))};
}

}  // namespace chorale::eval
