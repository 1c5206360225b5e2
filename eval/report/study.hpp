// Where the runs of a report lie: run folders, and the folders of studies, which hold a run a cell.
//   STUDY/runs/<cell>/         run folders
//   STUDY/cells/<cell>.json    {"cell": name, "state": "failed", "error": text, ...}
//   STUDY/cells/index.csv      cell,experiment: the cells in their order, and which experiment each repeats
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/tables/table.hpp"

namespace chorale::eval {

struct FailedCell {
  std::string name, error;
};

struct FoundRuns {
  std::vector<std::filesystem::path> given;  // what was asked for, to write it down
  std::vector<std::filesystem::path> runs;   // folders given, and of studies the evaluated ones, in order
  std::vector<std::string>
      left_out;  // of studies: runs that are not evaluated, a line each; failed cells are not here
  std::vector<FailedCell> failed;  // by name
};

// A folder that holds runs/ is a study, any other one is taken for a run (read_runs() looks at it). Throws
// UsageError: studies without any evaluated run, with what is missing of each; a file of a cell that is no
// such.
FoundRuns find_runs(const std::vector<std::filesystem::path>& given);

// A cell of a study, and the experiment that it repeats (empty: the only one).
struct IndexedCell {
  std::string name, experiment;
};

// In the order of the sweep; empty where the folder is of no study, or has no index.
std::vector<IndexedCell> read_index(const std::filesystem::path& study);

// A row a cell.
Table failed_table(const std::vector<FailedCell>& failed);

}  // namespace chorale::eval
