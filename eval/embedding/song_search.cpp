#include "eval/embedding/song_search.hpp"

namespace chorale::eval {
namespace {

using Scores = std::vector<std::optional<QueryScores>>;

RetrievalScores of_class(const Scores& all, std::span<const SongMark> marks, std::size_t label) {
  Scores mine;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (marks[i].label == static_cast<std::int32_t>(label)) mine.push_back(all[i]);
  }
  return mean_of(mine);
}

}  // namespace

SongSearch search(const Matrix<float>& embeddings, std::span<const SongMark> marks, std::size_t classes,
                  int threads) {
  const std::size_t n = embeddings.rows;
  SongSearch result;
  result.neighbours.resize(n);
  Scores same_class(n), other_artist(n), same_artist(n);
  for_each_song(embeddings, threads, [&](std::size_t song, std::span<const float> similarities) {
    result.neighbours[song] = nearest(similarities, song, kNeighbours);
    same_class[song] = score_query(similarities, song, marks, Relevance::kSameClass);
    other_artist[song] = score_query(similarities, song, marks, Relevance::kSameClassOtherArtist);
    same_artist[song] = score_query(similarities, song, marks, Relevance::kSameArtist);
  });
  result.same_class = mean_of(same_class);
  result.same_class_other_artist = mean_of(other_artist);
  result.same_artist = mean_of(same_artist);
  for (std::size_t label = 0; label < classes; ++label) {
    result.class_of_query.push_back(of_class(same_class, marks, label));
    result.class_of_query_other_artist.push_back(of_class(other_artist, marks, label));
  }
  return result;
}

}  // namespace chorale::eval
