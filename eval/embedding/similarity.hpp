// How much alike songs are: the cosine of the angle between their embeddings.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "eval/embedding/matrix.hpp"

namespace chorale::eval {

// Calls take(song, similarities [songs]) once a song, from up to `threads` threads at a time. All pairs are
// compared, but similarities are there for a few songs at a time only. Those with an embedding of zeros are
// 0, as scikit-learn's cosine_similarity has it.
void for_each_song(const Matrix<float>& embeddings, int threads,
                   const std::function<void(std::size_t, std::span<const float>)>& take);

struct Neighbour {
  std::uint32_t song = 0;
  float similarity = 0;
};

// The `count` songs most similar to `song` (fewer where there are no more), the most similar first; of equal
// ones the earlier. The song itself is not among them.
std::vector<Neighbour> nearest(std::span<const float> similarities, std::size_t song, std::size_t count);

}  // namespace chorale::eval
