#include "eval/report/study.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "eval/report/run.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  if (!fs::is_directory(folder)) return entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::ranges::sort(entries);
  return entries;
}

std::vector<FailedCell> failed_cells(const fs::path& study) {
  std::vector<FailedCell> failed;
  for (const fs::path& file : entries_of(study / "cells")) {
    if (file.extension() != ".json") continue;
    try {
      const Json cell = Json::parse(runtime::read_file(file));
      if (cell.at("state") == "failed") failed.push_back({cell.at("cell"), cell.value("error", "")});
    } catch (const Json::exception& error) {
      throw runtime::UsageError(
          fmt::format("{}: not the file of a study's cell ({}); remove it, and run the cell again",
                      file.string(), error.what()));
    }
  }
  return failed;
}

// Those of the index in its order, then others by name.
std::vector<fs::path> runs_of(const fs::path& study) {
  std::vector<fs::path> runs;
  for (const IndexedCell& cell : read_index(study)) runs.push_back(study / "runs" / cell.name);
  std::erase_if(runs, [](const fs::path& run) { return !fs::is_directory(run); });
  for (const fs::path& run : entries_of(study / "runs")) {
    if (fs::is_directory(run) && std::ranges::find(runs, run) == runs.end()) runs.push_back(run);
  }
  return runs;
}

void add_study(FoundRuns& found, const fs::path& study) {
  const auto failed = failed_cells(study);
  std::vector<std::string> missing;
  bool any = false;
  for (const fs::path& run : runs_of(study)) {
    const auto lines = what_is_missing({run});
    if (lines.empty()) {
      found.runs.push_back(run);
      any = true;
    } else if (std::ranges::find(failed, run.filename().string(), &FailedCell::name) == failed.end()) {
      missing.insert(missing.end(), lines.begin(), lines.end());
    }
  }
  if (!any) {
    for (const FailedCell& cell : failed)
      missing.push_back(fmt::format("{}: failed: {}", cell.name, cell.error));
    throw runtime::UsageError(fmt::format("{}: a study without any evaluated run{}{}", study.string(),
                                          missing.empty() ? "" : ":\n  ", fmt::join(missing, "\n  ")));
  }
  found.left_out.insert(found.left_out.end(), missing.begin(), missing.end());
  found.failed.insert(found.failed.end(), failed.begin(), failed.end());
}

}  // namespace

std::vector<IndexedCell> read_index(const fs::path& study) {
  const fs::path path = study / "cells" / "index.csv";
  if (!fs::exists(path)) return {};
  const auto csv = dataset::Csv::read(path);
  std::vector<IndexedCell> cells;
  for (std::size_t row = 0; row < csv.rows(); ++row)
    cells.push_back({csv.at(row, "cell"), csv.at(row, "experiment")});
  return cells;
}

FoundRuns find_runs(const std::vector<fs::path>& given) {
  FoundRuns found{.given = given, .runs = {}, .left_out = {}, .failed = {}};
  for (const fs::path& dir : given) {
    if (fs::is_directory(dir / "runs")) {
      add_study(found, dir);
    } else {
      found.runs.push_back(dir);
    }
  }
  return found;
}

Table failed_table(const std::vector<FailedCell>& failed) {
  Table table{
      .name = "failed", .caption = "Cells that failed", .columns = {{"cell", "cell"}, {"error", "error"}}};
  for (const FailedCell& cell : failed) table.add({cell.name, cell.error});
  return table;
}

}  // namespace chorale::eval
