// How well the neighbours of a song agree with what is known of it: the scores of a search for songs like
// one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace chorale::eval {

// What a found song has to have in common with the song that was asked for.
struct SongMark {
  std::int32_t label = -1;  // class; -1: none
  std::int32_t artist = 0;
};

enum class Relevance {
  kSameClass,             // among all other songs
  kSameClassOtherArtist,  // among those of other artists ("artist filter": Flexer and Schnitzer 2010)
  kSameArtist,            // among all other songs
};

inline constexpr std::array<std::size_t, 3> kDepths = {1, 5, 10};

// Of one song that was asked for.
struct QueryScores {
  std::array<double, kDepths.size()> precision =
      {};  // relevant ones among the first 1, 5, 10, divided by 1, 5, 10
  // Mean, over all relevant songs, of the precision at the place of each; as scikit-learn's
  // average_precision_score where no two similarities are equal.
  double average_precision = 0;
  double chance = 0;           // relevant ones among the candidates: the precision of a random order
  std::size_t candidates = 0;  // songs that could be found
};

// The candidates in the order of their similarity to `song`, of equal ones the earlier first. Nothing where
// no candidate is relevant.
std::optional<QueryScores> score_query(std::span<const float> similarities, std::size_t song,
                                       std::span<const SongMark> marks, Relevance relevance);

struct RetrievalScores {
  std::int64_t queries = 0;  // songs with at least one relevant candidate
  // Means over the queries. Nothing without queries; nothing at a depth that some query has fewer candidates
  // than.
  std::array<std::optional<double>, kDepths.size()> precision = {};
  std::optional<double> mean_average_precision, chance;
};

RetrievalScores mean_of(std::span<const std::optional<QueryScores>> queries);

}  // namespace chorale::eval
