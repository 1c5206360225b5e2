#include "pipeline/models/hidden_layers.hpp"

#include "pipeline/models/batch_norm.hpp"

namespace chorale::models {

torch::nn::Sequential hidden_layers(std::int64_t inputs, const std::vector<std::int64_t>& widths,
                                    const std::vector<double>& dropout, config::Norm norm) {
  torch::nn::Sequential layers;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    layers->push_back(torch::nn::Linear(inputs, widths[i]));
    if (norm == config::Norm::kBatch) layers->push_back(BatchNorm(widths[i]));
    layers->push_back(torch::nn::ReLU());
    layers->push_back(torch::nn::Dropout(dropout[dropout.size() == 1 ? 0 : i]));
    inputs = widths[i];
  }
  return layers;
}

}  // namespace chorale::models
