#include "train/parallel/batch_part.hpp"

#include <vector>

namespace chorale::train {
namespace {

torch::Tensor rows(const torch::Tensor& tensor, std::size_t first, std::size_t last) {
  if (!tensor.defined()) return {};
  return tensor.slice(0, static_cast<std::int64_t>(first), static_cast<std::int64_t>(last));
}

// Of a list with an entry a sample, or of an empty one.
template <class T>
std::vector<T> rows(const std::vector<T>& list, std::size_t first, std::size_t last) {
  if (list.empty()) return {};
  return {list.begin() + static_cast<std::ptrdiff_t>(first),
          list.begin() + static_cast<std::ptrdiff_t>(last)};
}

}  // namespace

BatchPart part_of(const models::Inputs& inputs, const samples::Batch& batch, std::size_t first,
                  std::size_t last) {
  BatchPart part{
      {rows(inputs.frames, first, last), rows(inputs.lengths, first, last), rows(inputs.vector, first, last)},
      {}};
  part.batch.step = batch.step;
  part.batch.global_count = batch.global_count;
  part.batch.global_tracks = batch.global_tracks;
  part.batch.views = rows(batch.views, first, last);
  part.batch.samples = rows(batch.samples, first, last);
  part.batch.tracks = rows(batch.tracks, first, last);
  part.batch.lengths = rows(batch.lengths, first, last);
  part.batch.frames = batch.frames;
  part.batch.bins = batch.bins;
  part.batch.partners.views = rows(batch.partners.views, first, last);
  part.batch.partners.weights = rows(batch.partners.weights, first, last);
  part.batch.partners.global_tracks = batch.partners.global_tracks;
  part.batch.partners.global_weights = batch.partners.global_weights;
  return part;
}

}  // namespace chorale::train
