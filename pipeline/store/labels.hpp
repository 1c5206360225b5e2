// The label columns of /tracks: label_<task>, as the kind of the task asks. docs/store-format.md.
#pragma once

#include <span>

#include "pipeline/store/hdf5.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::store {

// `task` is the index of `schema` among the store's tasks.
void write_labels(Hdf5File& file, std::span<const StoredTrack> tracks, const dataset::Task& schema,
                  std::size_t task);

// Sets labels[task] of each track. Throws StoreError: another number of rows, or a class that the task does
// not have.
void read_labels(const Hdf5File& file, std::span<StoredTrack> tracks, const dataset::Task& schema,
                 std::size_t task);

}  // namespace chorale::store
