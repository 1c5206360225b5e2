#include "pipeline/kernels/images.hpp"

#include <ATen/autocast_mode.h>

namespace chorale::kernels {

torch::Tensor channels_last(const torch::Tensor& images) {
  if (images.size(1) != 1) return images.contiguous(at::MemoryFormat::ChannelsLast);
  const torch::Tensor dense = images.contiguous();
  return dense.as_strided(dense.sizes(), {dense.stride(0), 1, dense.stride(2), 1});
}

torch::Tensor dense(const torch::Tensor& images) {
  return images.device().is_cpu() && images.dim() == 4 ? channels_last(images) : images;
}

bool fit(const torch::Tensor& images, const torch::Tensor& weight, std::int64_t kernel) {
  return images.device().is_cpu() && images.dim() == 4 && weight.scalar_type() == torch::kFloat32 &&
         weight.dim() == 4 && weight.size(1) == images.size(1) && weight.size(2) == kernel &&
         weight.size(3) == kernel;
}

torch::ScalarType compute_type() {
  return at::autocast::is_autocast_enabled(at::kCPU) ? at::autocast::get_autocast_dtype(at::kCPU)
                                                     : torch::kFloat32;
}

torch::Tensor rows_of(const torch::Tensor& images) {
  return images.permute({0, 2, 3, 1}).reshape({-1, images.size(1)});
}

}  // namespace chorale::kernels
