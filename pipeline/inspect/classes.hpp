// The tracks of each class, for tables and figures.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pipeline/store/store.hpp"

namespace chorale::inspect {

struct ClassTracks {
  std::string name;
  std::vector<std::size_t> tracks;  // of the store, ascending; recordings, not variants of them
};

// One entry a class of the task, in stored order.
std::vector<ClassTracks> tracks_by_class(const store::Store& store, std::size_t task);

// The `count` classes with the most tracks, in stored order; classes without tracks are left out.
std::vector<ClassTracks> largest(std::vector<ClassTracks> classes, std::size_t count);

}  // namespace chorale::inspect
