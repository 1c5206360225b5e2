// One report over many runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/report/run.hpp"
#include "eval/report/study.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

struct ReportOptions {
  std::string baseline = {};  // the experiment that others are compared with (put_first()); empty: the first
  std::filesystem::path against = {};  // another report, to say what has changed since; empty: none
  FoundRuns found = {};                // where the runs were found, and what is missing there
};

// Writes DIR/report.md, report.html, tables/, figures/, configurations/, environments/, commands.sh,
// experiments.json and checksums.txt; each file replaced in one step, and what a former report left there
// taken away (ReportFolder). Returns the tables that sum it up: cells that failed, changes, and for each set
// of experiments that can be compared the comparison, slice lengths and repetitions. Throws UsageError: no
// such baseline, `against` is no report. Precondition: there are runs.
std::vector<Table> write_report(const std::vector<Run>& runs, const std::filesystem::path& dir,
                                const ReportOptions& options = {});

// The same over run folders and studies: find_runs(), read_runs().
std::vector<Table> write_report(const std::vector<std::filesystem::path>& paths,
                                const std::filesystem::path& dir, ReportOptions options = {});

}  // namespace chorale::eval
