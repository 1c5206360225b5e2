#include "eval/metrics/songs.hpp"

#include <algorithm>
#include <unordered_map>

namespace chorale::eval {
namespace {

template <class T>
std::int32_t first_largest(std::span<const T> values) {
  return static_cast<std::int32_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

std::int32_t vote(const Song& song) {
  std::size_t best = 0;
  for (std::size_t c = 1; c < song.votes.size(); ++c) {
    const bool tie = song.votes[c] == song.votes[best];
    if (song.votes[c] > song.votes[best] || (tie && song.mean[c] > song.mean[best])) best = c;
  }
  return static_cast<std::int32_t>(best);
}

}  // namespace

std::int32_t argmax(std::span<const float> values) { return first_largest(values); }
std::int32_t argmax(std::span<const double> values) { return first_largest(values); }

std::vector<std::int32_t> predicted(const SliceProbabilities& slices) {
  std::vector<std::int32_t> result(slices.size());
  for (std::size_t i = 0; i < slices.size(); ++i) result[i] = argmax(slices.of(i));
  return result;
}

std::vector<Song> aggregate(const SliceProbabilities& slices) {
  std::vector<Song> songs;
  std::unordered_map<std::uint32_t, std::size_t> place;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const auto [entry, added] = place.try_emplace(slices.song[i], songs.size());
    if (added) {
      songs.push_back({.song = slices.song[i],
                       .mean = std::vector<double>(slices.classes),
                       .votes = std::vector<std::int64_t>(slices.classes)});
    }
    Song& song = songs[entry->second];
    const std::span<const float> probabilities = slices.of(i);
    for (std::size_t c = 0; c < slices.classes; ++c) song.mean[c] += static_cast<double>(probabilities[c]);
    ++song.votes[static_cast<std::size_t>(argmax(probabilities))];
    ++song.slices;
  }
  for (Song& song : songs) {
    for (double& value : song.mean) value /= static_cast<double>(song.slices);
    song.predicted = argmax(song.mean);
    song.voted = vote(song);
  }
  return songs;
}

}  // namespace chorale::eval
