// What a leak is worth: the same experiment with splits that deal out slices, tracks and groups.
#pragma once

#include <optional>
#include <vector>

#include "eval/report/run.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// A row an experiment, those alike in all but split.by, of which there must be two; nothing otherwise. In the
// order given: the first two that are alike say which experiment it is.
std::optional<Table> leak_table(const std::vector<Group>& groups);

}  // namespace chorale::eval
