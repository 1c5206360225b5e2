#include "pipeline/kernels/conv1x1.hpp"

#include "pipeline/kernels/conv3x3.hpp"
#include "pipeline/kernels/matrix/matrix.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// [n, channels, height, width], channels_last -> [n * height * width, channels].
Tensor rows_of(const Tensor& images) { return images.permute({0, 2, 3, 1}).reshape({-1, images.size(1)}); }

Tensor images_of(const Tensor& rows, const Tensor& like) {
  return rows.view({like.size(0), like.size(2), like.size(3), rows.size(1)}).permute({0, 3, 1, 2});
}

// a * b + addend, of the type of a; `addend` may be undefined.
Tensor product(const Tensor& a, const Tensor& b, const Tensor& addend = {}) {
  const Tensor result = torch::empty({a.size(0), b.size(1)}, a.options().requires_grad(false));
  multiply_into(result, a, b, {}, addend);
  return result;
}

class Conv1x1 : public torch::autograd::Function<Conv1x1> {
 public:
  // `images` channels_last -> convolved, images.
  static variable_list forward(AutogradContext* context, const Tensor& images, const Tensor& weight) {
    const Tensor filters = weight.reshape({weight.size(0), weight.size(1)}).to(images.scalar_type());
    context->save_for_backward({images, filters});
    context->set_materialize_grads(false);
    return {images_of(product(rows_of(images), filters.t()), images), images};
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "conv1x1: a second derivative is not implemented");
    if (!gradients[0].defined()) return {gradients[1], Tensor()};
    const auto saved = context->get_saved_variables();
    const Tensor &images = saved[0], &filters = saved[1];
    const Tensor gradient = rows_of(gradients[0].contiguous(at::MemoryFormat::ChannelsLast));
    variable_list result(2);
    if (context->needs_input_grad(0)) {
      const Tensor other = gradients[1].defined()
                               ? rows_of(gradients[1].contiguous(at::MemoryFormat::ChannelsLast))
                               : Tensor();
      result[0] = images_of(product(gradient, filters, other), images);
    }
    if (context->needs_input_grad(1)) {
      result[1] =
          multiply_transposed(gradient, rows_of(images)).view({filters.size(0), filters.size(1), 1, 1});
    }
    return result;
  }
};

bool has_kernel(const Tensor& images, const Tensor& weight, torch::ScalarType type) {
  return images.device().is_cpu() && images.dim() == 4 && weight.scalar_type() == torch::kFloat32 &&
         weight.size(0) % 2 == 0 && weight.size(1) % 2 == 0 && multiplies(type);
}

}  // namespace

Tensor conv1x1(const Tensor& images, const Tensor& weight, std::int64_t stride) {
  if (!has_kernel(images, weight, compute_type())) return torch::conv2d(images, weight, {}, stride);
  if (stride == 1) return conv1x1_fork(images, weight).convolved;
  return conv1x1(images.slice(2, 0, std::nullopt, stride).slice(3, 0, std::nullopt, stride), weight);
}

Fork conv1x1_fork(const Tensor& images, const Tensor& weight) {
  const auto type = compute_type();
  if (!has_kernel(images, weight, type)) return {torch::conv2d(images, weight), images};
  const auto results = Conv1x1::apply(images.to(type).contiguous(at::MemoryFormat::ChannelsLast), weight);
  return {results[0], results[1]};
}

}  // namespace chorale::kernels
