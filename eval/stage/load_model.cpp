#include "eval/stage/load_model.hpp"

namespace chorale::eval {

std::shared_ptr<models::Model> load_model(const OpenedRun& run, torch::Device device) {
  auto model = models::make_model(
      run.experiment.model,
      {run.state.bins, run.state.frames, static_cast<std::int64_t>(run.state.vector.width())},
      models::width(run.outputs));
  models::load_state_dict(*model, run.checkpoint / "model.safetensors");
  model->to(device);
  model->eval();
  return model;
}

}  // namespace chorale::eval
