#include "pipeline/kernels/tail/library.hpp"

#include "pipeline/kernels/activation_watch.hpp"
#include "pipeline/kernels/normalise.hpp"

namespace chorale::kernels {

torch::Tensor activate(const torch::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::kRelu:
      return torch::relu(x);
    case Activation::kElu:
      return torch::elu(x);
    case Activation::kNone:
      break;
  }
  return x;
}

torch::Tensor library_tail(const torch::Tensor& x, const std::optional<BatchNorm>& norm,
                           const ConvTailOptions& options, const torch::Tensor& shortcut) {
  torch::Tensor y = x;
  if (options.order == BlockOrder::kActivationNorm)
    y = ActivationWatch::shown(activate(y, options.activation));
  if (norm) y = normalise(y, *norm);
  if (shortcut.defined()) y = y + shortcut;
  if (options.order == BlockOrder::kNormActivation)
    y = ActivationWatch::shown(activate(y, options.activation));
  const auto [height, width] = options.pool;
  if (height > 1 || width > 1) y = torch::max_pool2d(y, {height, width});
  if (options.dropout == 0) return y;
  return options.dropout_kind == DropoutKind::kValues ? torch::dropout(y, options.dropout, true)
                                                      : torch::feature_dropout(y, options.dropout, true);
}

}  // namespace chorale::kernels
