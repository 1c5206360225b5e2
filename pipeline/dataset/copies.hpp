// Byte-identical files: their tracks are one recording under several names, and must not be on both sides of
// a split.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pipeline/dataset/track.hpp"

namespace chorale::dataset {

// In all that follows, `sources` holds the xxh3 of each track's file, in the order of the tracks; 0, or no
// element at all: not known. Variants are no copies of their recording.

// What must stay in one part: the tracks of one group, and groups that hold copies of the same file.
struct Bonds {
  std::vector<std::uint32_t> of;   // [tracks] an index into names
  std::vector<std::string> names;  // the first, in byte order, of the groups' names
};
Bonds find_bonds(std::span<const Track> tracks, std::span<const std::uint64_t> sources);

// Sets of two or more tracks with the same file, as indices; sets and tracks in the order of the tracks.
std::vector<std::vector<std::size_t>> find_copies(std::span<const Track> tracks,
                                                  std::span<const std::uint64_t> sources);

// For parts that were given and separate copies: a file that is in the test part stays there and leaves the
// others, one in validation leaves training. Tracks left out are in kNone; returns how many there are.
std::size_t leave_out_copies(std::span<const Track> tracks, std::span<const std::uint64_t> sources,
                             std::span<config::Part> parts);

}  // namespace chorale::dataset
