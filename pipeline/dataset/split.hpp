// Dealing tracks out to training, validation and test, so that no group is in two parts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/dataset/track.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::dataset {

struct SplitError : runtime::UsageError {
  using UsageError::UsageError;
};

// The part of each track, in the order given. A function of (tracks, tasks, options) alone: no rank, no
// clock.
//  - stratified: whole groups are dealt so that each class keeps the fractions split.validation and
//  split.test;
//  - folds: the fold is read from the path by split.fold_pattern (first capture), or groups are dealt into
//    split.folds stratified folds; split.fold is the test part; validation is dealt from the rest by
//    split.validation (whole groups, stratified);
//  - official: Track::split; - file: a CSV with columns path (or id) and part; tracks it does not name:
//  kNone.
// Stratifies by the first task. Asserts that no group is in two parts. Throws SplitError: a class with fewer
// groups than parts or folds (names it, its groups, what to do), a pattern that does not match a path, an
// empty part.
std::vector<config::Part> make_split(std::span<const Track> tracks, std::span<const Task> tasks,
                                     const config::Split& options);

}  // namespace chorale::dataset
