#include "pipeline/kernels/conv1x1.hpp"

#include "pipeline/kernels/images.hpp"
#include "pipeline/kernels/matrix/matrix.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr auto kLayout = at::MemoryFormat::ChannelsLast;

// Every `stride`-th position of images: a view.
Tensor every(std::int64_t stride, const Tensor& images) {
  if (stride == 1) return images;
  return images.slice(2, 0, std::nullopt, stride).slice(3, 0, std::nullopt, stride);
}

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
  static variable_list forward(AutogradContext* context, const Tensor& images, const Tensor& weight,
                               std::int64_t stride) {
    const Tensor filters = weight.reshape({weight.size(0), weight.size(1)}).to(images.scalar_type());
    const Tensor seen = every(stride, images).contiguous(kLayout);
    context->save_for_backward({seen, filters});
    context->set_materialize_grads(false);
    context->saved_data["stride"] = stride;
    context->saved_data["sizes"] = images.sizes().vec();
    return {images_of(product(rows_of(seen), filters.t()), seen), images};
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "conv1x1: a second derivative is not implemented");
    if (!gradients[0].defined()) return {gradients[1], Tensor(), Tensor()};
    const auto saved = context->get_saved_variables();
    const Tensor &seen = saved[0], &filters = saved[1];
    const Tensor gradient = rows_of(gradients[0].contiguous(kLayout));
    variable_list result(3);
    if (context->needs_input_grad(0)) {
      const Tensor other = gradients[1].defined() ? gradients[1].contiguous(kLayout) : Tensor();
      result[0] = input_gradient(*context, gradient, seen, filters, other);
    }
    if (context->needs_input_grad(1)) {
      result[1] = multiply_transposed(gradient, rows_of(seen)).view({filters.size(0), filters.size(1), 1, 1});
    }
    return result;
  }

 private:
  static Tensor input_gradient(AutogradContext& context, const Tensor& gradient, const Tensor& seen,
                               const Tensor& filters, const Tensor& other) {
    const std::int64_t stride = context.saved_data["stride"].toInt();
    if (stride == 1) {
      return images_of(product(gradient, filters, other.defined() ? rows_of(other) : Tensor()), seen);
    }
    const auto sizes = context.saved_data["sizes"].toIntVector();
    const Tensor whole =
        other.defined() ? other.clone() : torch::zeros(sizes, seen.options().memory_format(kLayout));
    every(stride, whole).add_(images_of(product(gradient, filters), seen));
    return whole;
  }
};

bool has_kernel(const Tensor& images, const Tensor& weight, torch::ScalarType type) {
  return fit(images, weight, 1) && weight.size(0) % 2 == 0 && weight.size(1) % 2 == 0 && multiplies(type);
}

}  // namespace

Fork conv1x1_fork(const Tensor& images, const Tensor& weight, std::int64_t stride) {
  const auto type = compute_type();
  if (!has_kernel(images, weight, type)) return {torch::conv2d(dense(images), weight, {}, stride), images};
  const auto results = Conv1x1::apply(images.to(type).contiguous(kLayout), weight, stride);
  return {results[0], images.requires_grad() ? results[1] : images};
}

}  // namespace chorale::kernels
