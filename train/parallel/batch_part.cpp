#include "train/parallel/batch_part.hpp"

namespace chorale::train {
namespace {

torch::Tensor rows(const torch::Tensor& tensor, std::int64_t first, std::int64_t last) {
  return tensor.defined() ? tensor.slice(0, first, last) : torch::Tensor();
}

}  // namespace

models::Inputs part_of(const models::Inputs& inputs, std::int64_t first, std::int64_t last) {
  return {rows(inputs.frames, first, last), rows(inputs.lengths, first, last),
          rows(inputs.vector, first, last)};
}

Objective::Targets part_of(const Objective::Targets& targets, std::int64_t first, std::int64_t last) {
  return {rows(targets.tracks, first, last), targets.factors, rows(targets.partners, first, last),
          rows(targets.share, first, last)};
}

}  // namespace chorale::train
