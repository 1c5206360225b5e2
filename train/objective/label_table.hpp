// The labels of all tracks of a store as tensors, from which those of a batch are gathered.
#pragma once

#include <torch/torch.h>

#include <span>

#include "pipeline/models/outputs.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::train {

// Of one task.
struct LabelTable {
  // single, key: int64 [tracks], the column of the output, or kUnknown;
  // multi: uint8 [tracks, classes], 0 or 1; regression: float [tracks], standardised.
  torch::Tensor target;
  torch::Tensor known;  // float [tracks]: 1, or 0 where the label is missing

  static constexpr std::int64_t kUnknown = -100;  // what at::cross_entropy_loss ignores
};

// `task` is the place of the output's task among the labels of a track.
LabelTable make_label_table(const models::Output& output, const models::Decoding& decoding, std::size_t task,
                            std::span<const store::StoredTrack> tracks, torch::Device device);

}  // namespace chorale::train
