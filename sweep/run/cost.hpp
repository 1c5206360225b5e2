// What the cells of a sweep cost, before any of them is trained.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "sweep/plan/cells.hpp"

namespace chorale::sweep {

struct Cost {
  std::int64_t parameters = 0;
  std::int64_t slices = 0;         // of the training part
  std::int64_t multiply_adds = 0;  // of one slice, forward
  // Of training for train.epochs epochs, unless patience ends it earlier: forward, and twice as much
  // backward.
  double total(const config::Experiment& experiment) const {
    return 3.0 * static_cast<double>(slices) * static_cast<double>(multiply_adds) *
           static_cast<double>(experiment.train.epochs);
  }
};

// An entry a cell; zeros for a classical baseline. Opens the stores and makes each model. Throws what opening
// a store, dealing the tracks and making the model throws: a cell that has no cost could not be trained
// either.
std::map<std::string, Cost> costs(std::span<const Cell> cells);

}  // namespace chorale::sweep
