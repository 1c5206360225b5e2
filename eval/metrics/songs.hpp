// From slices to songs: the mean of the slices' probabilities, and the majority vote of their predictions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chorale::eval {

// What a model said about every slice of one part. All of a song's slices need not be neighbours.
struct SliceProbabilities {
  std::size_t classes = 0;
  std::vector<std::uint32_t> song;   // [slices], any numbering
  std::vector<float> probabilities;  // [slices, classes]

  std::size_t size() const { return song.size(); }
  std::span<const float> of(std::size_t slice) const {
    return std::span(probabilities).subspan(slice * classes, classes);
  }
};

struct Song {
  std::uint32_t song = 0;  // as SliceProbabilities numbers it
  std::int64_t slices = 0;
  std::vector<double> mean;         // [classes] mean probability over the slices
  std::vector<std::int64_t> votes;  // [classes] slices whose largest probability it is
  std::int32_t predicted = 0;       // argmax of mean
  std::int32_t voted = 0;           // argmax of votes; a tie goes to the highest mean probability
};

// Index of the largest value, the lowest index of equal ones (as numpy.argmax).
std::int32_t argmax(std::span<const float> values);
std::int32_t argmax(std::span<const double> values);

// argmax of each slice.
std::vector<std::int32_t> predicted(const SliceProbabilities& slices);

// One entry a song, in order of first appearance.
std::vector<Song> aggregate(const SliceProbabilities& slices);

}  // namespace chorale::eval
