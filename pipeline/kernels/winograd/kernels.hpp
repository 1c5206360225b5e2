// The loops behind conv3x3(), compiled for several instruction sets and chosen when the program runs:
// Winograd's minimal filtering F(2x2, 3x3), after Lavin and Gray, Fast Algorithms for Convolutional Neural
// Networks (2015). The output is cut into tiles of 2x2, each of which sees a patch of 4x4 of the input.
// Patches and filters are transformed to 16 points each, between which the convolution is a product a
// channel: 16 multiplications a tile instead of 36, which over all channels and tiles is a matrix product a
// point.
//
//   y  = A^T [ sum over inputs  (G w G^T) (B^T x B) ] A
//   dw = G^T [ sum over tiles   (A dy A^T) (B^T x B) ] G
//   dx : the convolution of dy with w turned by 180 degrees, its inputs and outputs exchanged
//
// Free of LibTorch: plain pointers, one thread, memory from the caller. Images are [images, height, width,
// channels], filters [outputs, 3, 3, inputs]; channels are multiples of `lanes`. Transforms and sums are of
// single precision; of Bf16 the points of patches, filters and gradients are rounded. The bits of a tile do
// not depend on which others it is computed with.
#pragma once

#include <cstdint>

#include "pipeline/kernels/simd/bf16.hpp"

namespace chorale::kernels {

constexpr std::int64_t kPoints = 16;  // [4, 4]
constexpr std::int64_t kMostChannels = 4096;

// Where the tiles are: [images, down, across]; those at the lower and right edge of an odd image end outside.
struct Tiling {
  std::int64_t images = 0, height = 0, width = 0;

  std::int64_t down() const { return (height + 1) / 2; }
  std::int64_t across() const { return (width + 1) / 2; }
  std::int64_t tiles() const { return images * down() * across(); }
};

// Tiles [first, last) of y = convolution of x + bias + addend.
template <class Element>
struct TileConvolution {
  Tiling tiling = {};
  std::int64_t inputs = 0, outputs = 0;
  const Element* x = nullptr;
  const Element* filters = nullptr;  // as pack_filters leaves them
  const float* bias = nullptr;       // [outputs]; null: zeros
  const Element* addend = nullptr;   // like y; null: zeros
  Element* y = nullptr;
  std::int64_t first = 0, last = 0;
  Element* points = nullptr;  // scratch [kPoints, last - first, inputs]
  float* products = nullptr;  // scratch [kPoints, last - first, panel]
};

// The points of patches of x or of tiles of dy, for the gradient of the filters: of tiles [first, last), and
// zeros behind them up to `count`.
template <class Element>
struct TilePoints {
  Tiling tiling = {};
  std::int64_t channels = 0;
  const Element* image = nullptr;
  std::int64_t first = 0, last = 0, count = 0;  // count: even
  // out [kPoints, point_size(channels, count)]: of a point [channels / panel][count][panel], of Bf16 [count /
  // 2][panel][2]
  Element* points = nullptr;
};

constexpr std::int64_t point_size(std::int64_t channels, std::int64_t count) {
  constexpr std::int64_t kPadding = 160;  // so that the 16 points do not fall on the same lines of a cache
  return channels * count + kPadding;
}

// sums[p] = points of dy * points of x over `count` tiles, added to what is there unless this begins the
// sums.
template <class Element>
struct PointProducts {
  std::int64_t inputs = 0, outputs = 0, count = 0;
  const Element* x = nullptr;   // points
  const Element* dy = nullptr;  // points
  float* sums = nullptr;        // [kPoints, outputs, inputs]
  bool begins = false;
};

template <class Element>
struct WinogradKernels {
  // Parts [first, last) of columns / lanes * depth / 2: packed [columns / panel, kPoints, depth, panel], of
  // Bf16 [depth / 2, panel, 2], where the last panel may be narrower. Columns are outputs and the depth
  // inputs; turned, for dx, the reverse.
  void (*pack_filters)(const float* filters, std::int64_t outputs, std::int64_t inputs, bool turned,
                       std::int64_t first, std::int64_t last, Element* packed);
  void (*convolve)(const TileConvolution<Element>&);
  // Pairs of tiles [first, last) of count / 2.
  void (*patch_points)(const TilePoints<Element>&, std::int64_t first, std::int64_t last);
  void (*gradient_points)(const TilePoints<Element>&, std::int64_t first, std::int64_t last);
  // Parts [first, last) of kPoints * ceil(outputs / panel).
  void (*add_products)(const PointProducts<Element>&, std::int64_t first, std::int64_t last);
};

struct Winograd {
  const char* name = "";
  std::int64_t lanes = 0, panel = 0;
  WinogradKernels<float> fp32 = {};
  WinogradKernels<Bf16> bf16 = {};  // null where the processor does not multiply bfloat16
  // Of outputs [first, last): gradient [outputs, 3, 3, inputs] from sums [parts, kPoints, outputs, inputs].
  void (*filter_gradient)(const float* sums, std::int64_t parts, std::int64_t outputs, std::int64_t inputs,
                          std::int64_t first, std::int64_t last, float* gradient) = nullptr;
};

// All that this processor can run, the best first; none on processors for which LibTorch's convolutions are
// as good.
struct WinogradList {
  const Winograd* all[3];
  int count;
};
WinogradList runnable_winograd();

}  // namespace chorale::kernels
