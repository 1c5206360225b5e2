// One report over many runs.
#pragma once

#include <filesystem>
#include <vector>

#include "eval/report/run.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// Writes DIR/report.md, report.html, tables/ and figures/; each file replaced in one step. Returns the
// comparison. Precondition: there are runs.
Table write_report(const std::vector<Run>& runs, const std::filesystem::path& dir);

}  // namespace chorale::eval
