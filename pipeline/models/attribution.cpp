#include "pipeline/models/attribution.hpp"

#include "pipeline/kernels/activation_watch.hpp"

namespace chorale::models {
namespace {

// [batch, bins, frames]; `activation` [batch, channels, height, width].
torch::Tensor grad_cam(const torch::Tensor& activation, const torch::Tensor& gradient,
                       const torch::Tensor& frames) {
  const torch::Tensor weights = gradient.mean({2, 3}, /*keepdim=*/true);
  const torch::Tensor map = torch::relu((weights * activation).sum(1, /*keepdim=*/true));
  return torch::upsample_bilinear2d(map, {frames.size(2), frames.size(3)}, /*align_corners=*/false)
      .squeeze(1);
}

torch::Tensor shares_of_largest(const torch::Tensor& map) {
  const torch::Tensor largest = map.amax({1, 2}, /*keepdim=*/true);
  return map / torch::where(largest > 0, largest, torch::ones_like(largest));
}

}  // namespace

Attribution attribute(Model& model, const Inputs& inputs, const torch::Tensor& outputs) {
  TORCH_CHECK(!model.is_training(), "attribute: the model is in training mode");
  const torch::AutoGradMode with_gradients(true);
  Inputs own = inputs;
  own.frames = inputs.frames.detach().requires_grad_(true);
  const kernels::ActivationWatch watch;
  // Samples do not see each other in evaluation, so the gradient of the sum is that of each.
  const torch::Tensor score = model.forward(own).gather(1, outputs.unsqueeze(1)).sum();
  const torch::NoGradGuard no_more;
  if (!watch.last().defined()) {
    const torch::Tensor gradient = torch::autograd::grad({score}, {own.frames}).front();
    return {AttributionMethod::kSaliency, shares_of_largest(gradient.abs().squeeze(1))};
  }
  const torch::Tensor gradient = torch::autograd::grad({score}, {watch.last()}).front();
  return {AttributionMethod::kGradCam, shares_of_largest(grad_cam(watch.last(), gradient, own.frames))};
}

}  // namespace chorale::models
