// One report over many runs.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "eval/report/history_of_results.hpp"
#include "eval/report/run.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// Writes DIR/report.md, report.html, tables/, figures/, configurations/, environments/, commands.sh and
// experiments.json; each file replaced in one step. `former`: the experiments of another report, to say what
// has changed since. Returns the changes, if asked for, and the comparisons: one table, or more where
// experiments cannot be compared. Precondition: there are runs.
std::vector<Table> write_report(const std::vector<Run>& runs, const std::filesystem::path& dir,
                                const std::optional<std::vector<Outcome>>& former = std::nullopt);

}  // namespace chorale::eval
