// Models beside each other on slices of several lengths.
#pragma once

#include <optional>
#include <string>

#include "eval/report/comparison.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// A row a model and a group of columns a length of slices: slice accuracy, song accuracy (mean ± standard
// deviation over the runs of an experiment) and seconds an epoch. Where several experiments of a model have
// slices of one length, a row for each configuration. Nothing when all experiments have slices of one length.
std::optional<Table> slice_lengths_table(const Comparable& experiments, const std::string& name);

}  // namespace chorale::eval
