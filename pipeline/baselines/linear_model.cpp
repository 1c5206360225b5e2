#include "pipeline/baselines/linear_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "pipeline/checkpoint/safetensors.hpp"

namespace chorale::baselines {
namespace {

// In place: logits become probabilities.
void softmax(std::vector<double>& logits) {
  const double largest = *std::ranges::max_element(logits);
  double sum = 0;
  for (double& value : logits) sum += value = std::exp(value - largest);
  for (double& value : logits) value /= sum;
}

std::vector<double> numbers_of(const checkpoint::TensorView& tensor) {
  std::vector<double> numbers(tensor.bytes / sizeof(double));
  std::memcpy(numbers.data(), tensor.data, numbers.size() * sizeof(double));
  return numbers;
}

}  // namespace

std::vector<float> LinearModel::predict(std::span<const float> rows) const {
  std::vector<float> probabilities;
  std::vector<double> logits;
  for (std::size_t first = 0; first < rows.size(); first += columns) {
    logits = bias;
    for (std::size_t c = 0; c < bias.size(); ++c) {
      const double* weight = weights.data() + c * columns;
      for (std::size_t i = 0; i < columns; ++i) logits[c] += weight[i] * static_cast<double>(rows[first + i]);
    }
    softmax(logits);
    probabilities.insert(probabilities.end(), logits.begin(), logits.end());
  }
  return probabilities;
}

void LinearModel::write(const std::filesystem::path& safetensors) const {
  const auto rows = static_cast<std::int64_t>(bias.size()), width = static_cast<std::int64_t>(columns);
  checkpoint::write_safetensors(
      safetensors, {{"weight", {"F64", {rows, width}, weights.data(), weights.size() * sizeof(double)}},
                    {"bias", {"F64", {rows}, bias.data(), bias.size() * sizeof(double)}}});
}

LinearModel LinearModel::read(const std::filesystem::path& safetensors) {
  const checkpoint::SafetensorsFile file(safetensors);
  const auto& tensors = file.tensors();
  const auto weight = tensors.find("weight"), bias = tensors.find("bias");
  const bool fits = weight != tensors.end() && bias != tensors.end() && weight->second.dtype == "F64" &&
                    bias->second.dtype == "F64" && weight->second.shape.size() == 2 &&
                    bias->second.shape.size() == 1 && weight->second.shape[0] == bias->second.shape[0];
  if (!fits) {
    throw checkpoint::CheckpointError(fmt::format(
        "{}: expected weight [classes, columns] and bias [classes] as F64", safetensors.string()));
  }
  return {static_cast<std::size_t>(weight->second.shape[1]), numbers_of(weight->second),
          numbers_of(bias->second)};
}

}  // namespace chorale::baselines
