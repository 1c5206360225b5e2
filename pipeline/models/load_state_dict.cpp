#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>

#include "pipeline/checkpoint/safetensors.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {
namespace {

std::string describe(const checkpoint::TensorView& tensor) {
  return fmt::format("{} [{}]", tensor.dtype, fmt::join(tensor.shape, ", "));
}

std::string describe(const torch::Tensor& tensor) {
  const char* type = tensor.scalar_type() == torch::kFloat32 ? "F32"
                     : tensor.scalar_type() == torch::kInt64 ? "I64"
                                                             : "?";
  return fmt::format("{} [{}]", type, fmt::join(tensor.sizes(), ", "));
}

// One line a tensor that is not in both, or not the same in both.
std::vector<std::string> mismatches(const std::map<std::string, torch::Tensor>& model,
                                    const std::map<std::string, checkpoint::TensorView>& file) {
  std::vector<std::string> lines;
  for (const auto& [name, tensor] : model) {
    const auto found = file.find(name);
    if (found == file.end()) {
      lines.push_back(name + ": not in the file");
    } else if (describe(tensor) != describe(found->second)) {
      lines.push_back(fmt::format("{}: {} in the model, {} in the file", name, describe(tensor),
                                  describe(found->second)));
    }
  }
  for (const auto& [name, tensor] : file) {
    if (!model.contains(name)) lines.push_back(name + ": not in the model");
  }
  return lines;
}

}  // namespace

void load_state_dict(Model& model, const std::filesystem::path& safetensors) {
  const checkpoint::SafetensorsFile file(safetensors);
  const auto state = state_dict(model);
  const auto wrong = mismatches(state, file.tensors());
  if (!wrong.empty()) {
    throw checkpoint::CheckpointMismatch(fmt::format("{} is a checkpoint of another model:\n  {}",
                                                     safetensors.string(), fmt::join(wrong, "\n  ")));
  }
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : state) {
    const torch::Tensor values = torch::empty(tensor.sizes(), tensor.options().device(torch::kCPU));
    const auto& stored = file.tensors().at(name);
    std::memcpy(values.mutable_data_ptr(), stored.data, stored.bytes);
    torch::Tensor(tensor).copy_(values);
  }
}

}  // namespace chorale::models
