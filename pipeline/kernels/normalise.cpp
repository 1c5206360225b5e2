#include "pipeline/kernels/normalise.hpp"

#include <vector>

namespace chorale::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// All dimensions but the channels.
std::vector<std::int64_t> summed(const Tensor& x) {
  std::vector<std::int64_t> dimensions{0};
  for (std::int64_t d = 2; d < x.dim(); ++d) dimensions.push_back(d);
  return dimensions;
}

// [channels] as one that broadcasts against x.
Tensor along_channels(const Tensor& values, const Tensor& x) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[1] = -1;
  return values.to(torch::kFloat32).view(shape);
}

// Sums, sums of squares and the number of positions, of this rank: float64 [2 * channels + 1]. From mean and
// variance, since squares of values far from 0 would lose what the variance is made of.
Tensor sums_of(const Tensor& x) {
  const std::int64_t channels = x.size(1);
  const auto count = static_cast<double>(x.numel() / channels);
  const auto options = x.options().dtype(torch::kFloat64);
  if (count == 0) return torch::zeros({2 * channels + 1}, options);
  const auto [variance, mean] = torch::var_mean(x.to(torch::kFloat32), summed(x), /*correction=*/0);
  const Tensor m = mean.to(torch::kFloat64);
  return torch::cat(
      {m * count, (variance.to(torch::kFloat64) + m * m) * count, torch::full({1}, count, options)});
}

void update_running(const BatchNorm& norm, const Tensor& mean, const Tensor& variance, const Tensor& count) {
  const Tensor of_a_sample = variance * (count / (count - 1).clamp_min(1));
  norm.running_mean.lerp_(mean.to(torch::kFloat32), norm.momentum);
  norm.running_var.lerp_(of_a_sample.to(torch::kFloat32), norm.momentum);
}

// Ioffe and Szegedy 2015, with the sums of backward taken over the same batch as those of forward.
class GlobalNormalisation : public torch::autograd::Function<GlobalNormalisation> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, const Tensor& bias,
                        const BatchNorm& norm) {
    const std::int64_t channels = x.size(1);
    const Tensor sums = sums_of(x);
    norm.reducer->add_up(sums);
    const Tensor count = sums.narrow(0, 2 * channels, 1);
    const Tensor mean = sums.narrow(0, 0, channels) / count;
    const Tensor variance = (sums.narrow(0, channels, channels) / count - mean * mean).clamp_min(0);
    update_running(norm, mean, variance, count);
    context->save_for_backward({x, weight, mean, (variance + norm.eps).rsqrt(), count});
    context->saved_data["reducer"] = reinterpret_cast<std::int64_t>(norm.reducer);
    return torch::batch_norm(x, weight, bias, mean.to(torch::kFloat32), variance.to(torch::kFloat32),
                             /*training=*/false, norm.momentum, norm.eps, /*cudnn_enabled=*/false);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], &mean = saved[2], &inverse = saved[3], &count = saved[4];
    auto* reducer = reinterpret_cast<StatisticsReducer*>(context->saved_data["reducer"].toInt());
    const std::int64_t channels = x.size(1);
    const Tensor dy = gradients[0].to(torch::kFloat32);
    const Tensor normal = (x.to(torch::kFloat32) - along_channels(mean, x)) * along_channels(inverse, x);
    const Tensor sums = torch::cat(
        {dy.sum(summed(x), false, torch::kFloat64), (dy * normal).sum(summed(x), false, torch::kFloat64)});
    const Tensor own = sums.to(torch::kFloat32);
    reducer->add_up(sums);
    const Tensor means = sums / count;
    const Tensor dx = along_channels(weight * inverse, x) *
                      (dy - along_channels(means.narrow(0, 0, channels), x) -
                       normal * along_channels(means.narrow(0, channels, channels), x));
    return {dx.to(x.scalar_type()), own.narrow(0, channels, channels), own.narrow(0, 0, channels), Tensor()};
  }
};

}  // namespace

Tensor normalise(const Tensor& x, const BatchNorm& norm) {
  if (norm.training && norm.reducer != nullptr) {
    return GlobalNormalisation::apply(x, norm.weight, norm.bias, norm);
  }
  if (norm.training && x.numel() == x.size(1)) {  // a value a channel has no variance to learn from
    return torch::batch_norm(x, norm.weight, norm.bias, {}, {}, true, norm.momentum, norm.eps, false);
  }
  return torch::batch_norm(x, norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.training,
                           norm.momentum, norm.eps, /*cudnn_enabled=*/true);
}

}  // namespace chorale::kernels
