#include "pipeline/kernels/conv3x3.hpp"

#include <optional>
#include <vector>

#include "pipeline/kernels/images.hpp"
#include "pipeline/kernels/simd/processor.hpp"
#include "pipeline/kernels/tail/function.hpp"
#include "pipeline/kernels/winograd/convolution.hpp"

namespace chorale::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Over all positions, in double: sum() would copy bfloat16 to float first.
torch::Tensor sum_of_channels(const torch::Tensor& images) {
  const std::int64_t channels = images.size(1);
  const Geometry geometry{images.size(0), images.size(2), images.size(3), channels, {1, 1}};
  const auto& kernels = tail_kernels(element_of(images.scalar_type()), Activation::kNone, Activation::kNone);
  const std::vector<float> zeros(static_cast<std::size_t>(channels));
  auto sums = sum_in_parts(geometry.positions(), kPositionsAPart, 2 * channels,
                           [&](std::int64_t first, std::int64_t last, double* part) {
                             kernels.sums(geometry, images.const_data_ptr(), zeros.data(), first, last, part);
                           });
  return torch::from_blob(sums.data(), {channels}, torch::kFloat64).to(torch::kFloat32);
}

class Conv3x3 : public torch::autograd::Function<Conv3x3> {
 public:
  // -> convolved, images.
  static variable_list forward(AutogradContext* context, const torch::Tensor& images,
                               const torch::Tensor& weight, const std::optional<torch::Tensor>& bias) {
    context->save_for_backward({images, weight});
    context->saved_data["has_bias"] = bias.has_value();
    context->set_materialize_grads(false);
    return {winograd_convolution(images, weight, bias.value_or(torch::Tensor()), Turned::kNo), images};
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "conv3x3: a second derivative is not implemented");
    if (!gradients[0].defined()) return {gradients[1], torch::Tensor(), torch::Tensor()};
    const auto saved = context->get_saved_variables();
    const torch::Tensor &images = saved[0], &weight = saved[1];
    const torch::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    variable_list result(3);
    if (context->needs_input_grad(0)) {
      const torch::Tensor other =
          gradients[1].defined() ? gradients[1].contiguous(at::MemoryFormat::ChannelsLast) : torch::Tensor();
      result[0] = winograd_convolution(gradient, weight, {}, Turned::kYes, other);
    }
    if (context->needs_input_grad(1)) result[1] = winograd_weight_gradient(images, gradient);
    if (context->saved_data["has_bias"].toBool() && context->needs_input_grad(2)) {
      result[2] = sum_of_channels(gradient);
    }
    return result;
  }
};

// Whether Winograd's way takes a quarter less, for its transforms are to be paid for: products a tile are 16,
// and a direct convolution does not multiply with the zeros outside.
bool pays(std::int64_t height, std::int64_t width) {
  const Tiling tiling{1, height, width};
  return (3 * height - 2) * (3 * width - 2) * 4 > 5 * kPoints * tiling.tiles();
}

bool has_kernel(const torch::Tensor& images, const torch::Tensor& weight, torch::ScalarType type) {
  if (!fit(images, weight, 3)) return false;
  const Winograd* kernels = winograd();
  if (kernels == nullptr || !pays(images.size(2), images.size(3))) return false;
  const auto fits = [&](std::int64_t channels) {
    return channels % kernels->lanes == 0 && channels <= kMostChannels;
  };
  if (!fits(weight.size(0)) || !fits(weight.size(1))) return false;
  if (type == torch::kFloat32) return true;
  // Which are faster by more than Winograd saves.
  static const bool kMatrixUnits = processor_has_matrix_units();
  return type == torch::kBFloat16 && kernels->bf16.convolve != nullptr && !kMatrixUnits;
}

Fork convolve(const torch::Tensor& images, const torch::Tensor& weight, const torch::Tensor& bias) {
  const auto type = compute_type();
  if (!has_kernel(images, weight, type)) {
    return {torch::conv2d(dense(images), weight, bias, 1, 1), images};
  }
  constexpr auto kLayout = at::MemoryFormat::ChannelsLast;
  const auto results = Conv3x3::apply(images.to(type).contiguous(kLayout), weight.contiguous(kLayout),
                                      bias.defined() ? std::optional(bias.contiguous()) : std::nullopt);
  return {results[0], images.requires_grad() ? results[1] : images};
}

}  // namespace

torch::Tensor conv3x3(const torch::Tensor& images, const torch::Tensor& weight, const torch::Tensor& bias) {
  return convolve(images, weight, bias).convolved;
}

Fork conv3x3_fork(const torch::Tensor& images, const torch::Tensor& weight) {
  return convolve(images, weight, {});
}

}  // namespace chorale::kernels
