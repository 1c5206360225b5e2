#include "pipeline/models/inputs.hpp"

#include "pipeline/device/copies.hpp"

namespace chorale::models {
namespace {

template <class T>
torch::Tensor view_of(const std::vector<T>& values, at::IntArrayRef shape, torch::ScalarType type) {
  return torch::from_blob(const_cast<T*>(values.data()), shape, type);  // nobody writes to it
}

Inputs rows_of(const samples::Rows& rows, std::size_t samples, const samples::Batch& batch) {
  const auto n = static_cast<std::int64_t>(samples);
  Inputs inputs;
  if (n == 0 || !rows.inputs.empty()) {
    const auto time_major = view_of(
        rows.inputs, {n, static_cast<std::int64_t>(batch.frames), static_cast<std::int64_t>(batch.bins)},
        torch::kFloat32);
    inputs.frames = time_major.transpose(1, 2).unsqueeze(1);
  }
  if (!rows.vectors.empty()) {
    const auto width = static_cast<std::int64_t>(rows.vectors.size()) / n;
    inputs.vector = view_of(rows.vectors, {n, width}, torch::kFloat32);
  }
  return inputs;
}

}  // namespace

Inputs inputs_of(const samples::Batch& batch) {
  Inputs inputs = rows_of(batch, batch.samples.size(), batch);
  if (!batch.lengths.empty())
    inputs.lengths = view_of(batch.lengths, {static_cast<std::int64_t>(batch.lengths.size())}, torch::kInt64);
  return inputs;
}

Inputs partners_of(const samples::Batch& batch) {
  if (batch.partners.views.empty()) return {};
  return rows_of(batch.partners, batch.partners.views.size(), batch);
}

Inputs on_device(const Inputs& inputs, torch::Device device) {
  return {.frames = device::upload(inputs.frames, device),
          .lengths = inputs.lengths,
          .vector = device::upload(inputs.vector, device)};
}

}  // namespace chorale::models
