// A sweep as tables: what it will cost, and how far it is.
#pragma once

#include <map>
#include <span>
#include <string>

#include "eval/tables/table.hpp"
#include "sweep/plan/cells.hpp"
#include "sweep/run/cost.hpp"
#include "sweep/study/study.hpp"

namespace chorale::sweep {

// A row a cell: what tells it from the others, parameters, slices, multiply-adds, its part of the whole cost,
// and, once a cell of the study has trained for an epoch, the time it would take at that rate.
eval::Table plan_table(const Study& study, std::span<const Cell> cells,
                       const std::map<std::string, Cost>& costs);

// A row a cell: done, failed (with its error), running (where), stopped (begun, but nobody works on it) or
// waiting.
eval::Table status_table(const Study& study, std::span<const Cell> cells);

// Cells that are neither done nor failed.
std::size_t count_open(const Study& study, std::span<const Cell> cells);

}  // namespace chorale::sweep
