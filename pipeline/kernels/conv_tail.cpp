#include "pipeline/kernels/conv_tail.hpp"

#include <ATen/Parallel.h>

#include "pipeline/kernels/activation_watch.hpp"
#include "pipeline/kernels/conv3x3.hpp"
#include "pipeline/kernels/images.hpp"
#include "pipeline/kernels/tail/first_layer.hpp"
#include "pipeline/kernels/tail/function.hpp"
#include "pipeline/kernels/tail/library.hpp"

namespace chorale::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// a of the position in the middle of the first image.
std::vector<float> origin_of(const torch::Tensor& x, const ConvTailOptions& options) {
  const auto channels = static_cast<std::size_t>(x.size(1));
  if (x.numel() == 0) return std::vector<float>(channels, 0.0F);
  torch::Tensor middle = x[0].select(1, x.size(2) / 2).select(1, x.size(3) / 2).to(torch::kFloat32);
  if (options.order == BlockOrder::kActivationNorm) middle = activate(middle, options.activation);
  middle = middle.contiguous();
  const float* values = middle.const_data_ptr<float>();
  return {values, values + channels};
}

ChannelStatistics statistics_of(const torch::Tensor& x, const std::optional<BatchNorm>& norm,
                                const ConvTailOptions& options, const TailState& state) {
  if (!norm || !norm->training) return constant_statistics(norm, x.size(1));
  const auto origin = origin_of(x, options);
  const auto sums = sum_in_parts(state.geometry.positions(), kPositionsAPart, 2 * x.size(1),
                                 [&](std::int64_t first, std::int64_t last, double* part) {
                                   state.kernels().sums(state.geometry, x.const_data_ptr(), origin.data(),
                                                        first, last, part);
                                 });
  return batch_statistics(*norm, sums, origin, state.geometry.positions());
}

class ConvTail : public torch::autograd::Function<ConvTail> {
 public:
  // Differentiable with respect to `x`, the shortcut and the weight and bias of `norm`, which may be missing.
  // What only backward needs is kept when `differentiable`.
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x, const MaybeTensor& shortcut,
                               const MaybeTensor& /*weight*/, const MaybeTensor& /*bias*/,
                               const std::optional<BatchNorm>& norm, const ConvTailOptions& options,
                               bool differentiable) {
    auto state = c10::make_intrusive<TailState>(x.sizes(), x.scalar_type(), norm, options);
    state->statistics = statistics_of(x, norm, options, *state);

    const bool pools = options.pool.height * options.pool.width > 1;
    torch::Tensor out = state->empty_output();
    torch::Tensor winners, peaks;
    ForwardPass pass = state->forward_pass();
    pass.x = x.const_data_ptr();
    pass.out = out.mutable_data_ptr();
    if (shortcut) pass.shortcut = shortcut->const_data_ptr();
    if (differentiable && (pools || options.dropout > 0)) {
      winners = state->empty_winners();
      pass.winners = winners.mutable_data_ptr<std::uint8_t>();
    }
    if (differentiable && pools && norm) {
      peaks = torch::empty_like(out);
      pass.peaks = peaks.mutable_data_ptr();
    }
    at::parallel_for(0, state->geometry.strips(), 1, [&](std::int64_t first, std::int64_t last) {
      state->kernels().forward(state->geometry, pass, first, last);
    });
    context->save_for_backward({x, winners, pools ? peaks : x, shortcut.value_or(torch::Tensor())});
    context->saved_data["state"] = c10::IValue::make_capsule(state);
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "conv_tail: a second derivative is not implemented");
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &winners = saved[1], &peaks = saved[2], &shortcut = saved[3];
    const auto state =
        c10::static_intrusive_pointer_cast<TailState>(context->saved_data["state"].toCapsule());
    const torch::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);

    BackwardPass pass = state->backward_pass(gradient, winners);
    torch::Tensor shortcut_gradient;
    const TailKernels* kernels = &state->kernels();
    if (shortcut.defined()) {
      shortcut_gradient = torch::empty_like(shortcut);
      pass.shortcut = shortcut.const_data_ptr();
      pass.shortcut_gradient = shortcut_gradient.mutable_data_ptr();
    }
    std::vector<double> sums(static_cast<std::size_t>(2 * x.size(1)));
    if (state->normalised) {
      pass.peaks = peaks.const_data_ptr();
      sums = sum_in_parts(state->geometry.out_positions(), kPositionsAPart, 2 * x.size(1),
                          [&](std::int64_t first, std::int64_t last, double* part) {
                            kernels->backward_sums(state->geometry, pass, first, last, part);
                          });
    }
    const auto coefficients = backward_coefficients(state->statistics, sums, state->reducer);
    if (shortcut.defined()) {  // from here on it is the gradient of z that goes on
      pass.out_gradient = shortcut_gradient.const_data_ptr();
      kernels = &tail_kernels(element_of(state->type), Activation::kNone, Activation::kNone);
    }
    torch::Tensor x_gradient;
    if (context->needs_input_grad(0)) {
      x_gradient = torch::empty_like(x);
      pass.x = x.const_data_ptr();
      pass.x_gradient = x_gradient.mutable_data_ptr();
      pass.offset = coefficients.offset.data();
      pass.slope = coefficients.slope.data();
      at::parallel_for(0, state->geometry.strips(), 1, [&](std::int64_t first, std::int64_t last) {
        kernels->backward(state->geometry, pass, first, last);
      });
    }
    if (!state->normalised) return {x_gradient, {}, {}, {}, {}, {}, {}};
    return {x_gradient, shortcut_gradient, coefficients.weight_gradient, coefficients.bias_gradient, {}, {},
            {}};
  }
};

bool has_kernel(const torch::Tensor& x, const ConvTailOptions& options) {
  return !ActivationWatch::is_on() && x.device().is_cpu() && x.dim() == 4 &&
         (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16) &&
         options.pool.height * options.pool.width <= kMaxWindow && x.size(2) >= options.pool.height &&
         x.size(3) >= options.pool.width;
}

}  // namespace

torch::Tensor conv_tail(const torch::Tensor& x, const std::optional<BatchNorm>& norm,
                        const ConvTailOptions& options, const torch::Tensor& shortcut) {
  if (shortcut.defined()) {
    TORCH_CHECK(
        norm && options.order == BlockOrder::kNormActivation && options.dropout == 0 &&
            options.pool.height * options.pool.width == 1 && shortcut.sizes() == x.sizes(),
        "conv_tail: a shortcut goes with normalisation before the activation, no pool, no dropout, and the "
        "shape of x");
  }
  if (!has_kernel(x, options)) return library_tail(x, norm, options, shortcut);
  constexpr auto kLayout = at::MemoryFormat::ChannelsLast;
  const MaybeTensor added =
      shortcut.defined() ? MaybeTensor(shortcut.to(x.scalar_type()).contiguous(kLayout)) : std::nullopt;
  const auto weight = norm ? maybe(norm->weight) : std::nullopt,
             bias = norm ? maybe(norm->bias) : std::nullopt;
  return ConvTail::apply(x.contiguous(kLayout), added, weight, bias, norm, options,
                         needs_backward({x, added, weight, bias}));
}

torch::Tensor conv3x3_tail(const torch::Tensor& input, const torch::Tensor& weight, const torch::Tensor& bias,
                           const std::optional<BatchNorm>& norm, const ConvTailOptions& options) {
  const bool first = input.dim() == 4 && input.size(1) == 1 && input.scalar_type() == torch::kFloat32 &&
                     weight.scalar_type() == torch::kFloat32 && !needs_backward({input});
  if (first && has_kernel(input, options) &&
      (compute_type() == torch::kFloat32 || compute_type() == torch::kBFloat16)) {
    return first_layer(input, weight, bias, norm, options, compute_type());
  }
  return conv_tail(conv3x3(input, weight, bias), norm, options);
}

}  // namespace chorale::kernels
