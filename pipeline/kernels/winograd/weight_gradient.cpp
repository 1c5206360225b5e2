#include <ATen/Parallel.h>

#include <algorithm>

#include "pipeline/kernels/winograd/convolution.hpp"
#include "pipeline/kernels/winograd/tensors.hpp"

namespace chorale::kernels {
namespace {

using torch::Tensor;

// Small filters: threads take parts of the tiles, each with sums of its own, whose number does not depend on
// that of the threads. Large ones: all threads transform some tiles, then each takes some of the sums.
constexpr std::int64_t kMostParts = 16;
constexpr std::int64_t kMostOwnSums = 512 << 10, kOwnPoints = 384 << 10, kSharedPoints = 8 << 20;  // bytes

// Of images and gradients, of the tiles that are there at once.
template <class Element>
struct Points {
  TilePoints<Element> images, gradients;
  PointProducts<Element> products;
  Tensor memory;

  Points(const Tensor& x, const Tensor& dy, std::int64_t count) {
    const std::int64_t inputs = x.size(1), outputs = dy.size(1);
    const std::int64_t of_images = kPoints * point_size(inputs, count),
                       of_gradients = kPoints * point_size(outputs, count);
    memory = torch::empty({of_images + of_gradients}, x.options().requires_grad(false));
    auto* points = writable<Element>(memory);
    images = {tiling_of(x), inputs, data<Element>(x), 0, 0, count, points};
    gradients = {tiling_of(x), outputs, data<Element>(dy), 0, 0, count, points + of_images};
    products = {inputs, outputs, count, images.points, gradients.points, nullptr, false};
  }

  void take(std::int64_t first, std::int64_t last) {
    images.first = gradients.first = first;
    images.last = gradients.last = last;
  }
};

// As many tiles, of `tiles`, as have room: an even number.
template <class Element>
std::int64_t tiles_at_once(const Tensor& x, const Tensor& dy, std::int64_t tiles, std::int64_t bytes) {
  const auto a_tile = kPoints * (x.size(1) + dy.size(1)) * static_cast<std::int64_t>(sizeof(Element));
  const std::int64_t most = std::clamp<std::int64_t>(bytes / a_tile, 32, 480);
  const std::int64_t times = std::max<std::int64_t>(parts(tiles, most), 1);
  return parts(parts(tiles, times), 2) * 2;
}

template <class Element>
Tensor sums_in_parts(const Tensor& x, const Tensor& dy, std::int64_t size) {
  const std::int64_t tiles = tiling_of(x).tiles(), own_parts = std::min(tiles, kMostParts),
                     count = tiles_at_once<Element>(x, dy, parts(tiles, own_parts), kOwnPoints);
  const auto& kernels = kernels_of<Element>();
  const Tensor sums = torch::empty({own_parts, size}, torch::kFloat32);
  at::parallel_for(0, own_parts, 1, [&](std::int64_t first, std::int64_t last) {
    Points<Element> points(x, dy, count);
    for (std::int64_t part = first; part < last; ++part) {
      points.products.sums = writable<float>(sums) + part * size;
      const std::int64_t end = tiles * (part + 1) / own_parts;
      for (std::int64_t tile = tiles * part / own_parts; tile < end; tile += count) {
        points.take(tile, std::min(tile + count, end));
        points.products.begins = tile == tiles * part / own_parts;
        kernels.patch_points(points.images, 0, count / 2);
        kernels.gradient_points(points.gradients, 0, count / 2);
        kernels.add_products(points.products, 0, product_parts(dy.size(1)));
      }
    }
  });
  return sums;
}

template <class Element>
Tensor sums_together(const Tensor& x, const Tensor& dy, std::int64_t size) {
  const std::int64_t tiles = tiling_of(x).tiles(),
                     count = tiles_at_once<Element>(x, dy, tiles, kSharedPoints);
  const auto& kernels = kernels_of<Element>();
  const Tensor sums = torch::empty({1, size}, torch::kFloat32);
  Points<Element> points(x, dy, count);
  points.products.sums = writable<float>(sums);
  for (std::int64_t tile = 0; tile < tiles; tile += count) {
    points.take(tile, std::min(tile + count, tiles));
    points.products.begins = tile == 0;
    at::parallel_for(0, count / 2, 1, [&](std::int64_t first, std::int64_t last) {
      kernels.patch_points(points.images, first, last);
      kernels.gradient_points(points.gradients, first, last);
    });
    at::parallel_for(0, product_parts(dy.size(1)), 1, [&](std::int64_t first, std::int64_t last) {
      kernels.add_products(points.products, first, last);
    });
  }
  return sums;
}

template <class Element>
Tensor weight_gradient(const Tensor& x, const Tensor& dy) {
  const std::int64_t inputs = x.size(1), outputs = dy.size(1), size = kPoints * outputs * inputs;
  constexpr auto kLayout = at::MemoryFormat::ChannelsLast;
  if (x.numel() == 0) return torch::zeros({outputs, inputs, 3, 3}, torch::kFloat32).contiguous(kLayout);
  const bool small = size * static_cast<std::int64_t>(sizeof(float)) <= kMostOwnSums;
  const Tensor sums = small ? sums_in_parts<Element>(x, dy, size) : sums_together<Element>(x, dy, size);
  const Tensor result = torch::empty({outputs, inputs, 3, 3}, sums.options().memory_format(kLayout));
  at::parallel_for(0, outputs, 16, [&](std::int64_t first, std::int64_t last) {
    winograd()->filter_gradient(data<float>(sums), sums.size(0), outputs, inputs, first, last,
                                writable<float>(result));
  });
  return result;
}

}  // namespace

Tensor winograd_weight_gradient(const Tensor& images, const Tensor& gradient) {
  return images.scalar_type() == torch::kFloat32 ? weight_gradient<float>(images, gradient)
                                                 : weight_gradient<Bf16>(images, gradient);
}

}  // namespace chorale::kernels
