// The songs of one task of a run, numbered by their first slices.
#pragma once

#include <cstdint>
#include <vector>

#include "eval/stage/opened_run.hpp"

namespace chorale::eval {

struct TaskSongs {
  std::vector<std::uint32_t> tracks;    // [songs], indices into the store
  std::vector<std::uint32_t> of_slice;  // [slices of the run]; EmbeddingCollector::kLeftOut without a label
};

TaskSongs songs_of(const OpenedRun& run, std::size_t task);

}  // namespace chorale::eval
