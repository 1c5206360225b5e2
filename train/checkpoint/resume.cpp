#include "train/checkpoint/resume.hpp"

namespace chorale::train {
namespace fs = std::filesystem;
namespace {

checkpoint::TensorView view_of(const torch::Tensor& tensor) {
  return {tensor.scalar_type() == torch::kInt64 ? "I64" : "F32", tensor.sizes().vec(),
          tensor.const_data_ptr(), tensor.nbytes()};
}

std::map<std::string, checkpoint::TensorView> views_of(const std::map<std::string, torch::Tensor>& tensors) {
  std::map<std::string, checkpoint::TensorView> views;
  for (const auto& [name, tensor] : tensors) views.emplace(name, view_of(tensor));
  return views;
}

std::map<std::string, torch::Tensor> as_they_are_stored(std::map<std::string, torch::Tensor> tensors) {
  for (auto& [name, tensor] : tensors) tensor = tensor.cpu().contiguous();
  return tensors;
}

}  // namespace

void load_checkpoint(const fs::path& folder, models::Model& model, TrainingStep& step) {
  models::load_state_dict(model, folder / checkpoint::kModelFile);
  const TensorState state = step.state();
  if (state.empty()) return;  // nor is there a file
  load_state(state, checkpoint::SafetensorsFile(folder / checkpoint::kOptimizerFile));
  step.restore(state);
}

void save_checkpoint(const checkpoint::RunFolder& run, checkpoint::CheckpointKind kind,
                     const checkpoint::State& state, const models::Model& model, const TensorState& tensors) {
  const auto weights = as_they_are_stored(models::state_dict(model)), others = as_they_are_stored(tensors);
  checkpoint::write_checkpoint(run, kind, state, views_of(weights), views_of(others));
}

}  // namespace chorale::train
