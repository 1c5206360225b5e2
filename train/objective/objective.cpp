#include "train/objective/objective.hpp"

#include <utility>

namespace chorale::train {
namespace {

torch::Tensor indices_of(const std::vector<std::uint32_t>& tracks) {
  return torch::tensor(std::vector<std::int64_t>(tracks.begin(), tracks.end()));
}

}  // namespace

torch::Tensor labels_of(const store::Store& store) {
  std::vector<std::int64_t> labels;
  for (const auto& row : store.tracks()) labels.push_back(row.track.labels.front().index());
  return torch::tensor(labels);
}

Objective::Objective(std::vector<models::Output> outputs, torch::Tensor labels)
    : outputs_(std::move(outputs)), labels_(std::move(labels)) {}

Objective::Result Objective::operator()(const torch::Tensor& outputs, const samples::Batch& batch) const {
  const torch::Tensor labels = labels_.index_select(0, indices_of(batch.tracks));
  const torch::Tensor sum = at::cross_entropy_loss(outputs, labels, {}, at::Reduction::Sum);
  return {sum / static_cast<double>(batch.global_count), outputs.detach().argmax(1).eq(labels).sum()};
}

}  // namespace chorale::train
