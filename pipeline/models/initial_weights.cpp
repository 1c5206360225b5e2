#include "pipeline/models/initial_weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "pipeline/checkpoint/run_folder.hpp"

namespace chorale::models {
namespace {

namespace fs = std::filesystem;
using checkpoint::TensorView;

bool covers(const std::string& prefix, const std::string& name) {
  return name == prefix || name.starts_with(prefix + ".");
}

fs::path weights_file(const fs::path& source) {
  if (fs::is_regular_file(source)) return source;
  if (fs::exists(source / checkpoint::kModelFile)) return source / checkpoint::kModelFile;
  if (fs::is_directory(source)) {
    const checkpoint::RunFolder run(source);
    auto folder = run.best();
    if (!folder) folder = run.latest();
    if (folder) return *folder / checkpoint::kModelFile;
  }
  throw runtime::UsageError("model.initial_weights: " + source.string() +
                            (fs::exists(source) ? " holds no checkpoint" : " does not exist") +
                            "; expected a run folder or a .safetensors file");
}

std::optional<torch::ScalarType> type_of(const std::string& dtype) {
  if (dtype == "F32") return torch::kFloat32;
  if (dtype == "F64") return torch::kFloat64;
  if (dtype == "F16") return torch::kFloat16;
  if (dtype == "BF16") return torch::kBFloat16;
  if (dtype == "I64") return torch::kInt64;
  return std::nullopt;
}

// The tensor of the file in the type and shape of the model's, or nothing where it does not fit.
std::optional<torch::Tensor> fitted(const TensorView& stored, const torch::Tensor& wanted) {
  const auto type = type_of(stored.dtype);
  if (!type || torch::isFloatingType(*type) != wanted.is_floating_point()) return std::nullopt;
  // from_blob takes no const; the result is copied by whoever gets it.
  torch::Tensor values = torch::from_blob(const_cast<void*>(stored.data), stored.shape, *type);
  if (wanted.dim() == 4 && wanted.size(1) == 1 && values.dim() == 4 && values.size(1) == 3) {
    values = values.to(torch::kFloat32).sum(1, /*keepdim=*/true);
  }
  if (values.sizes() != wanted.sizes()) return std::nullopt;
  return values;
}

std::string shape_text(at::IntArrayRef shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

std::string top_name(const std::string& name) { return name.substr(0, name.find('.')); }

}  // namespace

TakenWeights take_weights(Model& model, const fs::path& source) {
  TakenWeights result{.file = weights_file(source)};
  const checkpoint::SafetensorsFile file(result.file);
  const auto state = state_dict(model);
  std::map<std::string, torch::Tensor> fits;
  std::vector<std::string> wrong;
  for (const auto& [name, tensor] : state) {
    const auto stored = file.tensors().find(name);
    const auto values = stored == file.tensors().end() ? std::nullopt : fitted(stored->second, tensor);
    if (values) {
      fits.emplace(name, *values);
    } else if (covers(model.last_layer(), name)) {
      result.fresh.push_back(name);
    } else if (stored != file.tensors().end()) {
      wrong.push_back(fmt::format("{}: {} in the model, {} {} in the file", name, shape_text(tensor.sizes()),
                                  stored->second.dtype, shape_text(stored->second.shape)));
    } else if (!name.ends_with("num_batches_tracked")) {
      wrong.push_back(name + ": not in the file");
    }
  }
  if (!wrong.empty()) {
    throw runtime::UsageError(fmt::format("model.initial_weights: {} does not fit this model:\n  {}",
                                          result.file.string(), fmt::join(wrong, "\n  ")));
  }
  for (const auto& [name, tensor] : file.tensors()) {
    if (!state.contains(name)) result.left.push_back(name);
  }
  const torch::NoGradGuard no_grad;
  for (const auto& [name, values] : fits) torch::Tensor(state.at(name)).copy_(values);
  result.taken = fits.size();
  return result;
}

void freeze(Model& model, const std::vector<std::string>& prefixes) {
  for (const std::string& prefix : prefixes) {
    std::set<std::string> known;
    bool found = false;
    for (auto& item : model.named_parameters()) {
      known.insert(top_name(item.key()));
      if (!covers(prefix, item.key())) continue;
      item.value().requires_grad_(false);
      found = true;
    }
    if (!found) {
      throw runtime::UsageError(
          fmt::format("model.freeze: no parameter's name begins with \"{}\"; they begin with: {}", prefix,
                      fmt::join(known, ", ")));
    }
    for (const auto& item : model.named_modules()) {
      if (covers(prefix, item.key()) &&
          item.value()->named_buffers(/*recurse=*/false).contains("running_mean")) {
        model.keep_in_evaluation(item.value());
      }
    }
  }
}

}  // namespace chorale::models
