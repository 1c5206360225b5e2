// Where the numbers of a tile lie.
#pragma once

#include "pipeline/kernels/simd/vectors.hpp"
#include "pipeline/kernels/winograd/kernels.hpp"

namespace chorale::kernels {
namespace {

// What is outside of an image.
template <class Element>
alignas(64) constexpr Element kZeros[kMostChannels] = {};

// A tile's upper left corner.
struct Corner {
  std::int64_t image, row, column;

  Corner(const Tiling& tiling, std::int64_t tile)
      : image(tile / tiling.across() / tiling.down()),
        row(tile / tiling.across() % tiling.down() * 2),
        column(tile % tiling.across() * 2) {}
};

// The channels at a position of an image [images, height, width, channels]; `outside` where there is none.
template <class Element>
struct Position {
  const Tiling& tiling;
  Element* image;
  std::int64_t channels;
  Element* outside;

  Element* at(std::int64_t n, std::int64_t row, std::int64_t column) const {
    const bool inside = row >= 0 && row < tiling.height && column >= 0 && column < tiling.width;
    return inside ? image + ((n * tiling.height + row) * tiling.width + column) * channels : outside;
  }

  // `Size` x `Size` positions from the tile's corner, and as many before it as `margin`.
  template <int Size>
  void square(std::int64_t tile, std::int64_t margin, Element* (&to)[Size * Size]) const {
    const Corner corner(tiling, tile);
    for (int i = 0; i < Size; ++i) {
      for (int j = 0; j < Size; ++j) {
        to[i * Size + j] = at(corner.image, corner.row + i - margin, corner.column + j - margin);
      }
    }
  }
};

}  // namespace
}  // namespace chorale::kernels
