#include "pipeline/kernels/recurrent/layout.hpp"

namespace chorale::kernels {

using torch::Tensor;

Tensor interleaved(const Tensor& weight, const Shape& shape, torch::ScalarType type) {
  const std::int64_t lanes = kernels().lanes;
  auto sizes = weight.sizes().vec();
  sizes[0] = shape.gates() * shape.width();
  const Tensor to = shape.width() == shape.units ? torch::empty(sizes, weight.options().dtype(type))
                                                 : torch::zeros(sizes, weight.options().dtype(type));
  const Tensor target = to.view({shape.width() / lanes, shape.gates(), lanes, -1});
  const Tensor source = weight.view({shape.gates(), shape.units, -1});
  const std::int64_t whole = shape.units / lanes, rest = shape.units % lanes;
  if (whole > 0) {
    target.narrow(0, 0, whole)
        .copy_(source.narrow(1, 0, whole * lanes).view({shape.gates(), whole, lanes, -1}).transpose(0, 1));
  }
  if (rest > 0) target.select(0, whole).narrow(1, 0, rest).copy_(source.narrow(1, whole * lanes, rest));
  return to;
}

Tensor torch_order(const Tensor& interleaved, const Shape& shape) {
  const std::int64_t lanes = kernels().lanes;
  auto sizes = interleaved.sizes().vec();
  sizes[0] = shape.gates() * shape.units;
  return interleaved.view({shape.width() / lanes, shape.gates(), lanes, -1})
      .transpose(0, 1)
      .reshape({shape.gates(), shape.width(), -1})
      .narrow(1, 0, shape.units)
      .reshape(sizes);
}

std::pair<Tensor, Tensor> bias_gradients(const Tensor& sums, const Shape& shape) {
  if (shape.cell == Cell::kLstm) {
    const Tensor both = torch_order(sums.flatten(), shape);
    return {both, both.clone()};
  }
  const Tensor state = sums.narrow(1, 0, 3).clone();
  state.select(1, 2).copy_(sums.select(1, 3));
  return {torch_order(sums.narrow(1, 0, 3).flatten(), shape), torch_order(state.flatten(), shape)};
}

}  // namespace chorale::kernels
