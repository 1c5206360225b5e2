#include "pipeline/kernels/winograd/convolution.hpp"

#include <ATen/Parallel.h>

#include "pipeline/kernels/winograd/tensors.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;

// Tiles that a thread takes at once: their points stay in its cache, and the filters' points are read once
// for all.
constexpr std::int64_t kTilesAtOnce = 48, kLeastTiles = 12;

Tensor empty_images(std::int64_t channels, const Tensor& like) {
  return torch::empty({like.size(0), channels, like.size(2), like.size(3)},
                      like.options().requires_grad(false).memory_format(at::MemoryFormat::ChannelsLast));
}

template <class Element>
Tensor packed_filters(const Tensor& weight, Turned turned, const Tensor& images) {
  const std::int64_t outputs = weight.size(0), inputs = weight.size(1);
  const Tensor packed = torch::empty({kPoints * outputs * inputs}, images.options().requires_grad(false));
  at::parallel_for(
      0, outputs * inputs / winograd()->lanes / 2, 16, [&](std::int64_t first, std::int64_t last) {
        kernels_of<Element>().pack_filters(weight.const_data_ptr<float>(), outputs, inputs,
                                           turned == Turned::kYes, first, last, writable<Element>(packed));
      });
  return packed;
}

template <class Element>
Tensor convolution(const Tensor& images, const Tensor& weight, const Tensor& bias, Turned turned,
                   const Tensor& addend) {
  const bool turns = turned == Turned::kYes;
  const Tensor filters = packed_filters<Element>(weight, turned, images);
  TileConvolution<Element> whole;
  whole.tiling = tiling_of(images);
  whole.inputs = weight.size(turns ? 0 : 1);
  whole.outputs = weight.size(turns ? 1 : 0);
  const Tensor y = empty_images(whole.outputs, images);
  whole.x = data<Element>(images);
  whole.filters = data<Element>(filters);
  if (bias.defined()) whole.bias = bias.const_data_ptr<float>();
  if (addend.defined()) whole.addend = data<Element>(addend);
  whole.y = writable<Element>(y);
  const std::int64_t tiles = whole.tiling.tiles();
  const std::int64_t blocks = parts_for_threads(tiles, kTilesAtOnce, kLeastTiles, at::get_num_threads());
  at::parallel_for(0, blocks, 1, [&](std::int64_t first, std::int64_t last) {
    const Tensor points = torch::empty({kPoints * kTilesAtOnce * whole.inputs}, filters.options());
    const Tensor products = torch::empty({kPoints * kTilesAtOnce * winograd()->panel}, torch::kFloat32);
    TileConvolution<Element> block = whole;
    block.points = writable<Element>(points);
    block.products = writable<float>(products);
    for (std::int64_t i = first; i < last; ++i) {
      block.first = tiles * i / blocks;
      block.last = tiles * (i + 1) / blocks;
      kernels_of<Element>().convolve(block);
    }
  });
  return y;
}

}  // namespace

const Winograd* winograd() {
  static const WinogradList kList = runnable_winograd();
  return kList.count > 0 ? kList.all[0] : nullptr;
}

Tensor winograd_convolution(const Tensor& images, const Tensor& weight, const Tensor& bias, Turned turned,
                            const Tensor& addend) {
  return images.scalar_type() == torch::kFloat32 ? convolution<float>(images, weight, bias, turned, addend)
                                                 : convolution<Bf16>(images, weight, bias, turned, addend);
}

}  // namespace chorale::kernels
