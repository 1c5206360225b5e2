#include "pipeline/kernels/tail/first_layer.hpp"

#include <ATen/Parallel.h>

#include "pipeline/kernels/tail/function.hpp"
#include "pipeline/kernels/tail/library.hpp"

namespace chorale::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kTaps = 9;

// What a first convolution reads: [n, height + 2, width + 2], [9, channels], [channels].
struct Operands {
  torch::Tensor image, weight, bias;

  FirstConvolution pointers() const {
    return {image.const_data_ptr<float>(), weight.const_data_ptr<float>(), bias.const_data_ptr<float>()};
  }
};

Operands prepare(const torch::Tensor& input, const torch::Tensor& weight, const MaybeTensor& bias) {
  return {torch::constant_pad_nd(input.squeeze(1), {1, 1, 1, 1}).contiguous(),
          weight.reshape({weight.size(0), kTaps}).t().contiguous(),
          bias ? bias->contiguous() : torch::zeros({weight.size(0)})};
}

// a of the position in the middle of the first image.
std::vector<float> origin_of(const Operands& operands, const ConvTailOptions& options) {
  const auto channels = static_cast<std::size_t>(operands.bias.size(0));
  if (operands.image.size(0) == 0) return std::vector<float>(channels, 0.0F);
  const torch::Tensor patch = operands.image[0]
                                  .narrow(0, (operands.image.size(1) - 2) / 2, 3)
                                  .narrow(1, (operands.image.size(2) - 2) / 2, 3)
                                  .reshape({kTaps, 1});
  torch::Tensor middle = (operands.weight * patch).sum(0) + operands.bias;
  if (options.order == BlockOrder::kActivationNorm) middle = activate(middle, options.activation);
  const float* values = middle.const_data_ptr<float>();
  return {values, values + channels};
}

ChannelStatistics statistics_of(const Operands& operands, const std::optional<BatchNorm>& norm,
                                const ConvTailOptions& options, const TailState& state) {
  if (!norm || !norm->training) return constant_statistics(norm, state.geometry.channels);
  const auto origin = origin_of(operands, options);
  const auto sums = sum_in_parts(state.geometry.strips(), 1, 2 * state.geometry.channels,
                                 [&](std::int64_t first, std::int64_t last, double* part) {
                                   state.kernels().first_sums(state.geometry, operands.pointers(),
                                                              origin.data(), first, last, part);
                                 });
  return batch_statistics(*norm, sums, origin, state.geometry.positions());
}

class FirstLayer : public torch::autograd::Function<FirstLayer> {
 public:
  // Differentiable with respect to the convolution and the weight and bias of `norm`, which may be missing.
  // What only backward needs is kept when `differentiable`.
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& input,
                               const torch::Tensor& weight, const MaybeTensor& bias,
                               const MaybeTensor& /*norm_weight*/, const MaybeTensor& /*norm_bias*/,
                               const std::optional<BatchNorm>& norm, const ConvTailOptions& options,
                               torch::ScalarType type, bool differentiable) {
    const Operands operands = prepare(input, weight, bias);
    const std::vector<std::int64_t> sizes = {input.size(0), weight.size(0), input.size(2), input.size(3)};
    auto state = c10::make_intrusive<TailState>(sizes, type, norm, options);
    state->statistics = statistics_of(operands, norm, options, *state);

    const torch::Tensor out = state->empty_output();
    torch::Tensor winners;
    ForwardPass pass = state->forward_pass();
    pass.out = out.mutable_data_ptr();
    if (differentiable) {
      winners = state->empty_winners();
      pass.winners = winners.mutable_data_ptr<std::uint8_t>();
    }
    at::parallel_for(0, state->geometry.strips(), 1, [&](std::int64_t first, std::int64_t last) {
      state->kernels().first_forward(state->geometry, operands.pointers(), pass, first, last);
    });
    context->save_for_backward({operands.image, operands.weight, operands.bias, winners});
    context->saved_data["has_bias"] = bias.has_value();
    context->saved_data["state"] = c10::IValue::make_capsule(state);
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "conv3x3_tail: a second derivative is not implemented");
    const auto saved = context->get_saved_variables();
    const Operands operands{saved[0], saved[1], saved[2]};
    const auto state =
        c10::static_intrusive_pointer_cast<TailState>(context->saved_data["state"].toCapsule());
    const torch::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);

    BackwardPass pass = state->backward_pass(gradient, saved[3]);
    const auto& kernels = state->kernels();
    const std::int64_t channels = state->geometry.channels, strips = state->geometry.strips();
    std::vector<double> sums(static_cast<std::size_t>(2 * channels));
    if (state->normalised) {
      sums = sum_in_parts(strips, 1, 2 * channels, [&](std::int64_t first, std::int64_t last, double* part) {
        kernels.first_backward_sums(state->geometry, operands.pointers(), pass, first, last, part);
      });
    }
    const auto coefficients = backward_coefficients(state->statistics, sums, state->reducer);
    pass.offset = coefficients.offset.data();
    pass.slope = coefficients.slope.data();
    sums = sum_in_parts(
        strips, 1, (kTaps + 1) * channels, [&](std::int64_t first, std::int64_t last, double* part) {
          kernels.first_backward(state->geometry, operands.pointers(), pass, first, last, part);
        });
    const torch::Tensor total =
        torch::from_blob(sums.data(), {kTaps + 1, channels}, torch::kFloat64).to(torch::kFloat32);
    variable_list result(9);
    result[1] = total.narrow(0, 0, kTaps).t().reshape({channels, 1, 3, 3});
    if (context->saved_data["has_bias"].toBool()) result[2] = total[kTaps];
    if (state->normalised) {
      result[3] = coefficients.weight_gradient;
      result[4] = coefficients.bias_gradient;
    }
    return result;
  }
};

}  // namespace

torch::Tensor first_layer(const torch::Tensor& input, const torch::Tensor& weight, const torch::Tensor& bias,
                          const std::optional<BatchNorm>& norm, const ConvTailOptions& options,
                          torch::ScalarType type) {
  const auto norm_weight = norm ? maybe(norm->weight) : std::nullopt;
  const auto norm_bias = norm ? maybe(norm->bias) : std::nullopt;
  return FirstLayer::apply(input, weight, maybe(bias), norm_weight, norm_bias, norm, options, type,
                           needs_backward({weight, maybe(bias), norm_weight, norm_bias}));
}

}  // namespace chorale::kernels
