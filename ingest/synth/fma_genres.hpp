// The genre tree of the FMA layout: a root for each style, below it the mode, below that the mood. All 70 can
// be heard, so labels at any depth can be learnt.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ingest/synth/score.hpp"

namespace chorale::synth {

struct FmaGenre {
  int id;      // not consecutive, as in FMA
  int parent;  // 0 for a root
  int root;    // itself for a root
  std::string title;
};

// Sorted by id.
const std::vector<FmaGenre>& fma_genres();

// The leaves of the styles that are heard in a track of this style: its own first, then those parts are
// borrowed from.
std::vector<int> fma_genres_of(const Score& score, std::size_t style);

// These genres and all above them, sorted. An id that the tree lacks stays.
std::vector<int> with_ancestors(const std::vector<int>& genres);

// Title of the root they all lie below, empty where they lie below several.
std::string common_root(const std::vector<int>& genres);

}  // namespace chorale::synth
