#include "train/data/tensors.hpp"

namespace chorale::train {
namespace {

template <class T>
torch::Tensor view_of(const std::vector<T>& values, at::IntArrayRef shape, torch::ScalarType type) {
  return torch::from_blob(const_cast<T*>(values.data()), shape, type);  // nobody writes to it
}

}  // namespace

torch::Tensor input_of(const samples::Batch& batch, std::size_t frames, std::size_t bins) {
  const auto n = static_cast<std::int64_t>(batch.labels.size());
  const auto time_major = view_of(
      batch.inputs, {n, static_cast<std::int64_t>(frames), static_cast<std::int64_t>(bins)}, torch::kFloat32);
  return time_major.transpose(1, 2).unsqueeze(1);
}

torch::Tensor labels_of(const samples::Batch& batch) {
  return view_of(batch.labels, {static_cast<std::int64_t>(batch.labels.size())}, torch::kInt64);
}

}  // namespace chorale::train
