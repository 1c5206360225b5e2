#include "train/optim/optimizer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "train/optim/adam.hpp"
#include "train/optim/sgd.hpp"

namespace chorale::train {

std::unique_ptr<Optimizer> make_optimizer(const FlatParameters& parameters, const config::Train& options) {
  const auto groups = parameter_groups(parameters, options);
  switch (options.optimizer) {
    case config::Optimizer::kAdam:
      return std::make_unique<Adam>(parameters, groups, AdamDecay::kGradient);
    case config::Optimizer::kAdamW:
      return std::make_unique<Adam>(parameters, groups, AdamDecay::kDecoupled);
    case config::Optimizer::kSgd:
      return std::make_unique<Sgd>(parameters, groups, options.momentum);
  }
  throw std::logic_error("train.optimizer");
}

void load_state(const TensorState& state, const checkpoint::SafetensorsFile& file) {
  std::vector<std::string> wrong;
  for (const auto& [name, tensor] : state) {
    const auto found = file.tensors().find(name);
    if (found == file.tensors().end()) {
      wrong.push_back(name + " is missing");
    } else if (found->second.dtype != "F32" || found->second.shape != tensor.sizes().vec()) {
      wrong.push_back(fmt::format("{} is {} [{}] there, F32 [{}] here", name, found->second.dtype,
                                  fmt::join(found->second.shape, ", "), fmt::join(tensor.sizes(), ", ")));
    }
  }
  for (const auto& [name, view] : file.tensors()) {
    if (!state.contains(name)) wrong.push_back(name + " is of another optimizer");
  }
  if (!wrong.empty()) {
    throw checkpoint::CheckpointMismatch(fmt::format(
        "the optimizer's state was saved for another model or optimizer: {}", fmt::join(wrong, "; ")));
  }
  const torch::NoGradGuard no_grad;
  for (auto [name, tensor] : state) {
    const auto& view = file.tensors().at(name);
    tensor.copy_(torch::from_blob(const_cast<void*>(view.data), view.shape));
  }
}

}  // namespace chorale::train
