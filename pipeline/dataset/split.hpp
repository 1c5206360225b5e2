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

// The part of each track, in the order given: a function of (tracks, sources, tasks, options) alone.
// docs/splits.md.
//  - stratified: whole groups are dealt so that each class keeps split.validation and split.test;
//  - folds: split.fold is the test part. Folds are read from the path by split.fold_pattern (first
//    capture), or groups are dealt into split.folds stratified folds. Of the rest, the fraction
//    split.validation is dealt to validation;
//  - official: Track::split;
//  - file: a CSV with columns path (or id, or track) and part; tracks that it does not name are in kNone.
// `sources` are the xxh3 of the tracks' files, or empty (copies.hpp): where parts are dealt, groups that
// share a file are dealt as one; where they are given, the copy in the test part stays and the others are
// left out. Strata are those of the first task (strata.hpp); tracks without a label are in kNone, and a
// track without a group is one of its own. A variant of a track is in the training part when its recording
// is, else in kNone. Throws SplitError: a group in two parts or folds, a class with fewer groups than parts
// or folds, a path without a fold, an unknown part, an empty part.
std::vector<config::Part> make_split(std::span<const Track> tracks, std::span<const std::uint64_t> sources,
                                     std::span<const Task> tasks, const config::Split& options);

}  // namespace chorale::dataset
