#include "eval/embedding/retrieval.hpp"

#include <algorithm>

namespace chorale::eval {
namespace {

enum class Place { kNotThere, kIrrelevant, kRelevant };

Place place_of(const SongMark& query, const SongMark& other, Relevance relevance) {
  const bool same_artist = query.artist == other.artist;
  if (relevance == Relevance::kSameArtist) return same_artist ? Place::kRelevant : Place::kIrrelevant;
  if (relevance == Relevance::kSameClassOtherArtist && same_artist) return Place::kNotThere;
  return query.label >= 0 && query.label == other.label ? Place::kRelevant : Place::kIrrelevant;
}

// Of relevant songs at these places, from 1, in ascending order.
QueryScores scores_at(std::span<const std::size_t> places, std::size_t candidates) {
  QueryScores scores{.candidates = candidates};
  const auto count = static_cast<double>(places.size());
  for (std::size_t k = 0; k < kDepths.size(); ++k) {
    const auto found = std::ranges::upper_bound(places, kDepths[k]) - places.begin();
    scores.precision[k] = static_cast<double>(found) / static_cast<double>(kDepths[k]);
  }
  for (std::size_t i = 0; i < places.size(); ++i)
    scores.average_precision += static_cast<double>(i + 1) / static_cast<double>(places[i]);
  scores.average_precision /= count;
  scores.chance = count / static_cast<double>(candidates);
  return scores;
}

}  // namespace

std::optional<QueryScores> score_query(std::span<const float> similarities, std::size_t song,
                                       std::span<const SongMark> marks, Relevance relevance) {
  std::vector<std::size_t> relevant, others;
  for (std::size_t i = 0; i < similarities.size(); ++i) {
    if (i == song) continue;
    const Place place = place_of(marks[song], marks[i], relevance);
    if (place == Place::kRelevant) relevant.push_back(i);
    if (place == Place::kIrrelevant) others.push_back(i);
  }
  if (relevant.empty()) return std::nullopt;
  const auto before = [&](std::size_t a, std::size_t b) {
    return similarities[a] != similarities[b] ? similarities[a] > similarities[b] : a < b;
  };
  std::ranges::sort(relevant, before);
  // The irrelevant ones that come right before each relevant one; sorting them all would take longer.
  std::vector<std::size_t> places(relevant.size());
  for (const std::size_t other : others) {
    const auto next = std::ranges::upper_bound(relevant, other, before) - relevant.begin();
    if (next < static_cast<std::ptrdiff_t>(places.size())) ++places[static_cast<std::size_t>(next)];
  }
  std::size_t passed = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    passed += places[i];
    places[i] = passed + i + 1;
  }
  return scores_at(places, relevant.size() + others.size());
}

RetrievalScores mean_of(std::span<const std::optional<QueryScores>> queries) {
  RetrievalScores scores;
  QueryScores sum;
  std::size_t fewest = SIZE_MAX;
  for (const auto& query : queries) {
    if (!query) continue;
    ++scores.queries;
    for (std::size_t k = 0; k < kDepths.size(); ++k) sum.precision[k] += query->precision[k];
    sum.average_precision += query->average_precision;
    sum.chance += query->chance;
    fewest = std::min(fewest, query->candidates);
  }
  if (scores.queries == 0) return scores;
  const auto n = static_cast<double>(scores.queries);
  for (std::size_t k = 0; k < kDepths.size(); ++k) {
    if (kDepths[k] <= fewest) scores.precision[k] = sum.precision[k] / n;
  }
  scores.mean_average_precision = sum.average_precision / n;
  scores.chance = sum.chance / n;
  return scores;
}

}  // namespace chorale::eval
