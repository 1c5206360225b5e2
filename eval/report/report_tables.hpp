// Runs, each for itself and over repetitions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/report/comparison.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// A row a run.
Table runs_table(const std::vector<Run>& runs);

// A row an experiment: mean, lowest and best song macro F1 over its runs. Nothing when each has but one.
std::optional<Table> repetitions_table(const Comparable& experiments, const std::string& name);
// A row an experiment whose embeddings were evaluated: how well a search for songs like one finds its class
// and its artist. Nothing where there is none.
std::optional<Table> retrieval_table(const Comparable& experiments, const std::string& name);

}  // namespace chorale::eval
