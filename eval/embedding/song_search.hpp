// Every song asked for by example: what is found, and how good that is.
#pragma once

#include <vector>

#include "eval/embedding/retrieval.hpp"
#include "eval/embedding/similarity.hpp"

namespace chorale::eval {

inline constexpr std::size_t kNeighbours = 10;  // of each song

struct SongSearch {
  std::vector<std::vector<Neighbour>> neighbours;  // [songs, kNeighbours] or fewer
  RetrievalScores same_class, same_class_other_artist, same_artist;
  std::vector<RetrievalScores> class_of_query,
      class_of_query_other_artist;  // [classes], of the songs of one class
};

// `marks` [songs]. The same on any number of threads.
SongSearch search(const Matrix<float>& embeddings, std::span<const SongMark> marks, std::size_t classes,
                  int threads);

}  // namespace chorale::eval
