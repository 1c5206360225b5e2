// Multinomial logistic regression, fitted.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace chorale::baselines {

struct LinearModel {
  std::size_t columns = 0;
  std::vector<double> weights;  // [classes, columns]
  std::vector<double> bias;     // [classes]

  // softmax(weights * row + bias) of `rows` [n, columns]: [n, classes].
  std::vector<float> predict(std::span<const float> rows) const;

  // `weight` and `bias` as F64. Throw checkpoint::CheckpointError: cannot be written; no such file.
  void write(const std::filesystem::path& safetensors) const;
  static LinearModel read(const std::filesystem::path& safetensors);
};

}  // namespace chorale::baselines
