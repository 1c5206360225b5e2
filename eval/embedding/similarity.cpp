#include "eval/embedding/similarity.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "pipeline/runtime/parallel.hpp"
#include "pipeline/runtime/vectorised.hpp"

namespace chorale::eval {
namespace {

constexpr std::size_t kTile = 16;    // songs that are compared with one at once: two vectors of eight
constexpr std::size_t kQueries = 4;  // songs compared with a tile at once
constexpr std::size_t kBlock = 64;   // songs whose similarities are there at a time

// Tiles of kTile songs: [tiles, width, kTile], each song of length 1, the last tile filled up with zeros.
std::vector<float> tiles_of(const Matrix<float>& embeddings) {
  const std::size_t tiles = (embeddings.rows + kTile - 1) / kTile;
  std::vector<float> packed(tiles * kTile * embeddings.width);
  for (std::size_t i = 0; i < embeddings.rows; ++i) {
    double squares = 0;
    for (const float value : embeddings.row(i))
      squares += static_cast<double>(value) * static_cast<double>(value);
    const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
    float* column = packed.data() + i / kTile * kTile * embeddings.width + i % kTile;
    for (std::size_t d = 0; d < embeddings.width; ++d)
      column[d * kTile] = static_cast<float>(static_cast<double>(embeddings.row(i)[d]) * scale);
  }
  return packed;
}

// Products of the songs at lane, lane + 1, ... of one tile with all of another, summed in the order of the
// dimensions: out[q * stride + j]. In vectors of its own: the compiler shuffles the sums about instead.
CHORALE_VECTORISED void products(const float* queries, std::size_t lane, const float* tile, std::size_t width,
                                 float* out, std::size_t stride) {
  using Half [[gnu::vector_size(kTile / 2 * sizeof(float))]] = float;
  Half low[kQueries] = {}, high[kQueries] = {};
  for (std::size_t d = 0; d < width; ++d) {
    Half left, right;
    std::memcpy(&left, tile + d * kTile, sizeof left);
    std::memcpy(&right, tile + d * kTile + kTile / 2, sizeof right);
    for (std::size_t q = 0; q < kQueries; ++q) {
      const float query = queries[d * kTile + lane + q];
      low[q] += query * left;
      high[q] += query * right;
    }
  }
  for (std::size_t q = 0; q < kQueries; ++q) {
    std::memcpy(out + q * stride, &low[q], sizeof low[q]);
    std::memcpy(out + q * stride + kTile / 2, &high[q], sizeof high[q]);
  }
}

}  // namespace

void for_each_song(const Matrix<float>& embeddings, int threads,
                   const std::function<void(std::size_t, std::span<const float>)>& take) {
  const std::vector<float> packed = tiles_of(embeddings);
  const std::size_t n = embeddings.rows, tile_size = kTile * embeddings.width;
  const std::size_t tiles = (n + kTile - 1) / kTile, blocks = (n + kBlock - 1) / kBlock;
  runtime::parallel_for(blocks, threads, [&](std::size_t first_block, std::size_t end_block) {
    const std::size_t stride = tiles * kTile;
    std::vector<float> similarities(kBlock * stride);
    for (std::size_t first = first_block * kBlock; first < std::min(end_block * kBlock, n); first += kBlock) {
      const std::size_t count = std::min(kBlock, n - first);
      for (std::size_t tile = 0; tile < tiles; ++tile) {
        for (std::size_t q = 0; q < count; q += kQueries) {
          products(packed.data() + (first + q) / kTile * tile_size, (first + q) % kTile,
                   packed.data() + tile * tile_size, embeddings.width,
                   similarities.data() + q * stride + tile * kTile, stride);
        }
      }
      for (std::size_t q = 0; q < count; ++q) take(first + q, std::span(similarities).subspan(q * stride, n));
    }
  });
}

std::vector<Neighbour> nearest(std::span<const float> similarities, std::size_t song, std::size_t count) {
  std::vector<std::uint32_t> order(similarities.size());
  std::iota(order.begin(), order.end(), 0U);
  order.erase(order.begin() + static_cast<std::ptrdiff_t>(song));
  const auto last = order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size()));
  std::partial_sort(order.begin(), last, order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return similarities[a] != similarities[b] ? similarities[a] > similarities[b] : a < b;
  });
  std::vector<Neighbour> result;
  for (auto at = order.begin(); at != last; ++at) result.push_back({*at, similarities[*at]});
  return result;
}

}  // namespace chorale::eval
