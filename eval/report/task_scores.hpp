// The scores of every task of a run, as metrics.json has them, and their tables over experiments.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "eval/tables/table.hpp"

namespace chorale::eval {

struct Comparable;

struct TaskScores {
  std::string name, kind;              // "tempo", "regression"
  std::map<std::string, double> song;  // songs by the mean of their slices; only scores that are defined
};

// In the order of metrics.json. Throws nlohmann's exceptions when it is not what chorale eval writes.
std::vector<TaskScores> task_scores_from_json(const std::string& metrics_json);

// A table a task, `scores_<task><ending>`: a row an experiment that has it, with the scores of its kind.
std::vector<Table> scores_tables(const Comparable& experiments, const std::string& ending);

}  // namespace chorale::eval
