// The reference models by name. Shared by training and evaluation, so it lives below both.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/dataset/track.hpp"

namespace chorale::models {

// What a model is built for.
struct InputShape {
  std::int64_t bins = 128;    // mel bands: height of the image
  std::int64_t frames = 129;  // width
};

// Input [batch, 1, bins, frames] float; output logits [batch, classes] of the first task.
class Model : public torch::nn::Module {
 public:
  virtual torch::Tensor forward(const torch::Tensor& input) = 0;
};

// Weights are drawn from torch's default generator: seed it (torch::manual_seed) to repeat them.
// Throws UsageError for an unknown name (with the known ones) or options that can't be (more pools than
// frames).
std::shared_ptr<Model> make_model(const config::Model& options, InputShape input,
                                  const std::vector<dataset::Task>& tasks);

std::vector<std::string> model_names();

// name -> tensor of every parameter and buffer, for safetensors. The tensors are the model's own, not copies.
std::map<std::string, torch::Tensor> state_dict(const Model& model);
// Throws CheckpointMismatch when names, shapes or types differ, and lists them.
void load_state_dict(Model& model, const std::filesystem::path& safetensors);

}  // namespace chorale::models
