#include "pipeline/models/inputs.hpp"

namespace chorale::models {

Inputs inputs_of(const samples::Batch& batch) {
  const auto n = static_cast<std::int64_t>(batch.samples.size());
  auto* values = const_cast<float*>(batch.inputs.data());  // from_blob takes no const; nobody writes to it
  const auto time_major = torch::from_blob(
      values, {n, static_cast<std::int64_t>(batch.frames), static_cast<std::int64_t>(batch.bins)});
  return {.frames = time_major.transpose(1, 2).unsqueeze(1)};
}

}  // namespace chorale::models
