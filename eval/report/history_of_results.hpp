// What changed between two reports. Each report leaves its experiments in experiments.json for the next.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "eval/report/run.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// An experiment and its result, as one report wrote it down.
struct Outcome {
  std::string label, config;  // Group's
  std::string part;           // of the split
  std::int64_t n_runs = 0, n_songs = 0;
  std::optional<double> song_accuracy, song_macro_f1;  // means over the runs; of tasks with classes
};

std::vector<Outcome> outcomes_of(const std::vector<Group>& groups);

std::string to_json(const std::vector<Outcome>& outcomes);
// Throws UsageError that names FOLDER when it holds no report that wrote experiments.json.
std::vector<Outcome> read_outcomes(const std::filesystem::path& folder);

// A row for each experiment of either report: by the same configuration, else by the same name. What was
// changed in a configuration, what is new and what is gone stands in the last column.
Table changes_table(const std::vector<Outcome>& before, const std::vector<Outcome>& now);

}  // namespace chorale::eval
