// y and dx; see kernels.hpp.
#pragma once

#include "pipeline/kernels/simd/products.hpp"
#include "pipeline/kernels/winograd/tiles.hpp"
#include "pipeline/kernels/winograd/transforms.hpp"

namespace chorale::kernels {
namespace {

// Of the channels from c of the 16 positions of a patch.
template <class Element>
CHORALE_INLINE void points_of_patch(const Element* const (&patch)[kPoints], std::int64_t c,
                                    Vec (&points)[kPoints]) {
  Vec x[kPoints];
#pragma GCC unroll 16
  for (int i = 0; i < kPoints; ++i) x[i] = load(patch[i] + c);
  transform_both_ways<4, 4>(
      x, points, [](const Vec(&in)[4], Vec(&out)[4]) CHORALE_INLINE_LAMBDA { patch_transform(in, out); });
}

template <class Element>
void transform_patches(const TileConvolution<Element>& t) {
  const Position<const Element> position{t.tiling, t.x, t.inputs, kZeros<Element>};
  const std::int64_t size = (t.last - t.first) * t.inputs;
  Element* to = t.points;
  for (std::int64_t tile = t.first; tile < t.last; ++tile, to += t.inputs) {
    const Element* patch[kPoints];
    position.template square<4>(tile, 1, patch);
    for (std::int64_t c = 0; c < t.inputs; c += kLanes) {
      Vec points[kPoints];
      points_of_patch(patch, c, points);
#pragma GCC unroll 16
      for (int p = 0; p < kPoints; ++p) store(to + p * size + c, points[p]);
    }
  }
}

// The tiles of `Width` vectors of outputs from `output`, out of the products.
template <class Element, int Width>
void transform_outputs(const TileConvolution<Element>& t, std::int64_t output) {
  alignas(64) Element outside[kPanel];  // written, and never read
  const Position<Element> position{t.tiling, t.y + output, t.outputs, outside};
  const Position<const Element> added{t.tiling, t.addend == nullptr ? nullptr : t.addend + output, t.outputs,
                                      kZeros<Element>};
  const std::int64_t size = (t.last - t.first) * Width * kLanes;
  const float* from = t.products;
  for (std::int64_t tile = t.first; tile < t.last; ++tile) {
    Element* to[4];
    const Element* addends[4] = {kZeros<Element>, kZeros<Element>, kZeros<Element>, kZeros<Element>};
    position.template square<2>(tile, 0, to);
    if (t.addend != nullptr) added.template square<2>(tile, 0, addends);
    for (int w = 0; w < Width; ++w, from += kLanes) {
      Vec products[kPoints], y[4];
#pragma GCC unroll 16
      for (int p = 0; p < kPoints; ++p) products[p] = load(from + p * size);
      transform_both_ways<4, 2>(products, y, [](const Vec(&in)[4], Vec(&out)[2]) CHORALE_INLINE_LAMBDA {
        output_transform(in, out);
      });
      const Vec bias = t.bias == nullptr ? Vec{} : load(t.bias + output + w * kLanes);
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) store(to[i] + w * kLanes, y[i] + bias + load(addends[i] + w * kLanes));
    }
  }
}

template <class Element>
void convolve(const TileConvolution<Element>& t) {
  transform_patches(t);
  const std::int64_t rows = t.last - t.first;
  in_panels<kPanelVectors>(t.outputs / kLanes, [&](std::int64_t panel, auto width) {
    constexpr int kWidth = decltype(width)::value;
    constexpr std::int64_t kColumns = kWidth * kLanes;
    Tile<Element, float> product;
    product.a_stride = product.depth = t.inputs;
    product.c_stride = product.columns = kColumns;
    for (std::int64_t p = 0; p < kPoints; ++p) {
      product.b = t.filters + (panel * kPanel * kPoints + p * kColumns) * t.inputs;
      in_tiles<kRows>(rows, [&](std::int64_t row, auto height) {
        product.a = t.points + (p * rows + row) * t.inputs;
        product.c = t.products + (p * rows + row) * kColumns;
        multiply_tile<decltype(height)::value, kWidth>(product);
      });
    }
    transform_outputs<Element, kWidth>(t, panel * kPanel);
  });
}

}  // namespace
}  // namespace chorale::kernels
