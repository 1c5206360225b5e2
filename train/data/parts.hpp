// The store of an experiment, and which of its tracks is in which part, checked.
#pragma once

#include <span>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/samples/slices.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::train {

// The store of the experiment. Throws StoreMismatch, with the keys that differ, when it was made with another
// configuration.
store::Store open_store(const config::Experiment& experiment);

// The part of each track. Throws UsageError when slices are longer than every track of the training part, and
// what samples::make_parts and assert_no_leak throw.
std::vector<config::Part> deal_out(const store::Store& store, const config::Experiment& experiment);

// The slices of one part. Throws UsageError when it has none.
std::vector<samples::Slice> slices_of(const store::Store& store, std::span<const config::Part> parts,
                                      config::Part part, const config::Experiment& experiment);

// Throws std::logic_error when a group, or a file under two names, is in two parts.
void assert_no_leak(std::span<const store::StoredTrack> tracks, std::span<const config::Part> parts);

}  // namespace chorale::train
