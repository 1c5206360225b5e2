// Songs in a plane: two principal components, and t-SNE.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "eval/embedding/matrix.hpp"
#include "eval/embedding/quad_tree.hpp"

namespace chorale::eval {

inline constexpr std::size_t kMostMapped = 10000, kFewestMapped = 3;  // songs

struct SongMap {
  std::vector<std::uint32_t> songs = {};  // that are on the map, ascending
  std::vector<Point> pca = {};            // [songs on the map]
  std::array<double, 2> explained = {};   // part of the variance of each component
  std::vector<Point> tsne = {};           // as many; empty where there are fewer than kFewestTsnePoints
  double perplexity = 0;
};

// Of more than `most` songs so many are drawn, always the same ones. t-SNE sees the first 50 components.
// Nothing is on the map of fewer than kFewestMapped songs, or when all are the same. Throws
// runtime::Interrupted.
SongMap map_songs(const Matrix<float>& embeddings, int threads, std::size_t most = kMostMapped);

}  // namespace chorale::eval
