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

namespace chorale::models {

// What a model is built for.
struct InputShape {
  std::int64_t bins = 128;    // mel bands: height of the image
  std::int64_t frames = 129;  // width; 0: clips of any length
  std::int64_t vector = 0;    // width of the tracks' feature vectors; 0: none
};

// One batch.
struct Inputs {
  torch::Tensor frames;        // [batch, 1, bins, frames] float, padded to the longest
  torch::Tensor lengths = {};  // [batch] int64, on the CPU: frames that are not padding; undefined: all
  torch::Tensor vector = {};   // [batch, vector] float; undefined without vectors
};

class Model : public torch::nn::Module {
 public:
  // Logits and values of all tasks side by side, [batch, outputs]: outputs.hpp says whose column is whose.
  torch::Tensor forward(const Inputs& inputs) { return classify(embed(inputs)); }

  // [batch, width]: what the last layer sees.
  virtual torch::Tensor embed(const Inputs& inputs) = 0;
  // The last layer, [batch, width] -> [batch, outputs].
  torch::Tensor classify(const torch::Tensor& embedding) { return output_->forward(embedding); }
  // The name of the last layer, with which those of its parameters begin.
  virtual std::string last_layer() const { return "output"; }

  // A layer inside that is not to follow train(): freeze().
  void keep_in_evaluation(std::shared_ptr<torch::nn::Module> layer) {
    layer->eval();
    in_evaluation_.push_back(std::move(layer));
  }
  void train(bool on = true) override {
    torch::nn::Module::train(on);
    for (const auto& layer : in_evaluation_) layer->eval();
  }

 protected:
  // For constructors: registers the last layer by its name.
  void add_output(std::int64_t width, std::int64_t outputs) {
    output_ = register_module(last_layer(), torch::nn::Linear(width, outputs));
  }

  torch::nn::Linear output_{nullptr};

 private:
  std::vector<std::shared_ptr<torch::nn::Module>> in_evaluation_;
};

// One line: what a model is.
std::string about_model(const std::string& name);

// `options` are complete (config::complete). Weights are drawn from torch's default generator: seed it
// (torch::manual_seed) to repeat them. Throws UsageError for options that can't be (more pools than frames).
std::shared_ptr<Model> make_model(const config::Model& options, InputShape input, std::int64_t outputs);

// name -> tensor of every parameter and buffer, for safetensors. The tensors are the model's own, not copies.
std::map<std::string, torch::Tensor> state_dict(const Model& model);
// Throws CheckpointMismatch when names, shapes or types differ, and lists them.
void load_state_dict(Model& model, const std::filesystem::path& safetensors);

}  // namespace chorale::models
