// A run on the songs of another store than it was trained on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/stage/opened_run.hpp"

namespace chorale::eval {

struct OtherStore {
  std::filesystem::path path;
  std::filesystem::path classes = {};  // a ClassMapping; empty: classes of the same name
  std::filesystem::path results = {};  // folder; empty: RUN/on/<name of the store>
};

// From now on the run is evaluated on all songs of the other store whose class stands for one of its own; in
// its main task alone, which is of kind single. Left out, with a line in left_out.csv each, are songs of
// other classes or without a label, and those with the audio file of a song that the run was trained or
// validated on. Writes the results folder's config.toml, classes.toml (the mapping as it was applied) and
// left_out.csv. Throws UsageError: features that differ in a key that matters to the model's input (lists
// them), another kind of task, a mapping that does not fit, nothing left, a results folder that holds another
// evaluation.
void move_to(OpenedRun& run, const OtherStore& other);

// Keys of audio, clean and features that must agree for a model's input to mean the same, a line a
// difference; empty when all do. Both texts are resolved TOML.
std::vector<std::string> feature_differences(const std::string& store, const std::string& run,
                                             const config::Train& train);

}  // namespace chorale::eval
