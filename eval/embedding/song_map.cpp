#include "eval/embedding/song_map.hpp"

#include <algorithm>

#include "eval/embedding/pca.hpp"
#include "eval/embedding/tsne.hpp"
#include "pipeline/runtime/random.hpp"

namespace chorale::eval {
namespace {

constexpr std::size_t kComponents = 50;

std::vector<std::uint32_t> drawn(std::size_t songs, std::size_t most) {
  auto order = runtime::permutation(static_cast<std::uint32_t>(songs), runtime::RandomStream(0));
  order.resize(std::min(songs, most));
  std::ranges::sort(order);
  return order;
}

}  // namespace

SongMap map_songs(const Matrix<float>& embeddings, int threads, std::size_t most) {
  SongMap map{.songs = drawn(embeddings.rows, most)};
  if (map.songs.size() < kFewestMapped) return {};
  Matrix<float> rows(map.songs.size(), embeddings.width);
  for (std::size_t i = 0; i < rows.rows; ++i)
    std::ranges::copy(embeddings.row(map.songs[i]), rows.row(i).begin());
  const Pca components = pca(rows, kComponents, threads);
  if (components.explained.front() == 0) return {};
  const std::size_t axes = std::min<std::size_t>(components.scores.width, 2);
  map.pca.resize(rows.rows);
  for (std::size_t axis = 0; axis < axes; ++axis) {
    map.explained[axis] = components.explained[axis];
    for (std::size_t i = 0; i < rows.rows; ++i) map.pca[i][axis] = components.scores.row(i)[axis];
  }
  if (rows.rows < kFewestTsnePoints) return map;
  const TsneOptions options{.threads = threads};
  map.perplexity = perplexity_of(options, rows.rows);
  map.tsne = tsne(components.scores, options);
  return map;
}

}  // namespace chorale::eval
