#include <vector>

#include "pipeline/kernels/conv3x3.hpp"
#include "pipeline/kernels/images.hpp"
#include "pipeline/kernels/matrix/matrix.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kStride = 2;
constexpr auto kLayout = at::MemoryFormat::ChannelsLast;

// What each of [rows, columns] outputs of an image sees: [n * rows * columns, 9 * channels], in the order of
// the taps.
Tensor patches_of(const Tensor& images, std::int64_t rows, std::int64_t columns) {
  const Tensor padded = torch::constant_pad_nd(images.permute({0, 2, 3, 1}), {0, 0, 1, 1, 1, 1});
  std::vector<Tensor> taps;
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t j = 0; j < 3; ++j) {
      taps.push_back(padded.slice(1, i, i + kStride * (rows - 1) + 1, kStride)
                         .slice(2, j, j + kStride * (columns - 1) + 1, kStride));
    }
  }
  return torch::cat(taps, 3).view({-1, 9 * images.size(1)});
}

class StridedConv : public torch::autograd::Function<StridedConv> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& images, const Tensor& weight) {
    const Tensor filters = weight.to(images.scalar_type());
    context->save_for_backward({images, filters});
    return torch::conv2d(images, filters, {}, kStride, 1);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "conv3x3_strided: a second derivative is not implemented");
    const auto saved = context->get_saved_variables();
    const Tensor &images = saved[0], &filters = saved[1];
    const Tensor gradient = gradients[0].contiguous(kLayout);
    variable_list result(2);
    if (context->needs_input_grad(0)) {
      result[0] =
          std::get<0>(at::convolution_backward(gradient, images, filters, std::nullopt, {kStride, kStride},
                                               {1, 1}, {1, 1}, false, {0, 0}, 1, {true, false, false}));
    }
    if (context->needs_input_grad(1)) {
      result[1] =
          multiply_transposed(rows_of(gradient), patches_of(images, gradient.size(2), gradient.size(3)))
              .view({filters.size(0), 3, 3, filters.size(1)})
              .permute({0, 3, 1, 2});
    }
    return result;
  }
};

}  // namespace

Tensor conv3x3_strided(const Tensor& images, const Tensor& weight) {
  const auto type = compute_type();
  if (!fit(images, weight, 3) || !multiplies(type)) {
    return torch::conv2d(dense(images), weight, {}, kStride, 1);
  }
  return StridedConv::apply(images.to(type).contiguous(kLayout), weight.contiguous(kLayout));
}

}  // namespace chorale::kernels
