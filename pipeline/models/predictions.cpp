#include "pipeline/models/predictions.hpp"

#include <vector>

namespace chorale::models {

torch::Tensor predictions_of(const torch::Tensor& outputs, std::span<const Output> layout,
                             std::span<const Decoding> decodings) {
  std::vector<torch::Tensor> parts;
  for (std::size_t task = 0; task < layout.size(); ++task) {
    const torch::Tensor mine = outputs.narrow(1, layout[task].first, layout[task].count).to(torch::kFloat32);
    switch (layout[task].task.kind) {
      case config::TaskKind::kSingle:
      case config::TaskKind::kKey:
        parts.push_back(torch::softmax(mine, 1));
        break;
      case config::TaskKind::kMulti:
        parts.push_back(torch::sigmoid(mine));
        break;
      case config::TaskKind::kRegression:
        parts.push_back(mine * decodings[task].deviation + decodings[task].mean);
        break;
    }
  }
  return torch::cat(parts, 1);
}

}  // namespace chorale::models
