#include "eval/report/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "eval/figures/class_bars_figure.hpp"
#include "eval/figures/confusion_figure.hpp"
#include "eval/figures/learning_curves.hpp"
#include "eval/report/comparison.hpp"
#include "eval/report/history_of_results.hpp"
#include "eval/report/leak_table.hpp"
#include "eval/report/making_of.hpp"
#include "eval/report/report_folder.hpp"
#include "eval/report/report_tables.hpp"
#include "eval/report/run_figures.hpp"
#include "eval/report/slice_lengths.hpp"
#include "eval/report/task_scores.hpp"
#include "eval/results/result_tables.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/shell.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using runtime::shell_word;

std::string repetitions(const Group& group) {
  const std::size_t n = group.runs.size();
  if (n == 1) return group.runs.front()->name;
  if (group.is_folds()) return fmt::format("pooled over {} folds", n);
  return fmt::format("summed over {} runs (a song counts once a run)", n);
}

std::string about(const Group& group) {
  const RunMetrics& first = group.runs.front()->metrics;
  if (group.runs.size() == 1) return fmt::format("{}: {}", group.runs.front()->name, describe(first));
  std::vector<std::string> names;
  for (const Run* run : group.runs) names.push_back(run->name);
  return fmt::format("{} runs, {} songs in all, {} of split {} (group: {}): {}.", names.size(),
                     group.n_songs(), part_text(first.split), first.split.kind, first.split.group,
                     fmt::join(names, ", "));
}

void add_differences(ReportFolder& folder, const std::vector<Group>& groups) {
  for (std::size_t g = 1; g < groups.size(); ++g) {
    const auto lines = config::differences(groups[g].config, groups.front().config);
    if (lines.empty()) continue;
    folder.add(Listing{fmt::format("{} (here) against {} (there):", groups[g].label, groups.front().label),
                       fmt::format("{}", fmt::join(lines, "\n"))});
  }
}

void add_group(ReportFolder& folder, const Group& group, std::size_t number) {
  folder.add(Heading{group.label});
  folder.add(Paragraph{about(group)});
  if (!group.has_classes()) return;
  const metrics::Confusion pooled = group.pooled();
  const RunMetrics& first = group.runs.front()->metrics;
  const std::string over = repetitions(group);
  const auto name = [&](const char* what) { return fmt::format("{}-{}", what, number); };
  const std::string title = fmt::format("{}, {}", group.label, over);
  folder.add_figure(
      confusion_figure(name("confusion_percent"), title, pooled, first.classes, CellValue::kPercent),
      "Songs of each class by predicted class, per cent");
  folder.add_figure(confusion_figure(name("confusion"), title, pooled, first.classes, CellValue::kCount),
                    "Songs of each class by predicted class, counts");
  folder.add_figure(
      class_bars_figure(name("class_bars"), title, first.classes, metrics::score(pooled).per_class),
      "Precision, recall and F1 of each class");
  folder.add_table(with_warning(class_table(pooled, first.classes, name("per_class"),
                                            fmt::format("Classes: {}, {}", group.label, over)),
                                first));
}

void add_training(ReportFolder& folder, const std::vector<Run>& runs) {
  folder.add(Heading{"Training"});
  folder.add_table(runs_table(runs));
  for (std::size_t r = 0; r < runs.size(); ++r) {
    if (runs[r].history.size() < 2) continue;
    folder.add_figure(learning_curves(fmt::format("learning_curves-{}", r + 1), runs[r].name, runs[r].history,
                                      runs[r].metrics.checkpoint.epoch),
                      fmt::format("Learning curves of {}", runs[r].name));
  }
}

// The command that makes the report.
std::string command_of(const std::vector<Run>& runs, const fs::path& dir, const ReportOptions& options) {
  std::string command = "chorale report";
  for (const fs::path& path : options.found.given) command += " " + shell_word(path.string());
  if (options.found.given.empty()) {
    for (const Run& run : runs) command += " " + shell_word(run.dir.string());
  }
  command += " -o " + shell_word(dir.string());
  if (!options.against.empty()) command += " --against " + shell_word(options.against.string());
  if (!options.baseline.empty()) command += " --baseline " + shell_word(options.baseline);
  return command;
}

// Of one set of experiments; the tables of a further set have its number.
void add_comparison(std::vector<Table>& tables, const Comparable& experiments, std::size_t number) {
  const std::string ending = number == 1 ? "" : fmt::format("-{}", number);
  if (experiments.groups.front()->has_classes()) {
    tables.push_back(comparison_table(experiments, "comparison" + ending));
    if (auto table = slice_lengths_table(experiments, "slice_lengths" + ending))
      tables.push_back(std::move(*table));
    if (auto table = repetitions_table(experiments, "repetitions" + ending))
      tables.push_back(std::move(*table));
  }
  std::ranges::move(scores_tables(experiments, ending), std::back_inserter(tables));
  if (auto table = retrieval_table(experiments, "retrieval" + ending)) tables.push_back(std::move(*table));
}

void add_summary(ReportFolder& folder, const std::vector<Run>& runs, std::size_t experiments,
                 const FoundRuns& found) {
  const auto count = [](std::size_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  folder.add(
      Paragraph{fmt::format("{} of {}.", count(runs.size(), "run"), count(experiments, "experiment"))});
  if (!found.left_out.empty())
    folder.add(Listing{fmt::format("Left out, since not evaluated: {}.", count(found.left_out.size(), "run")),
                       fmt::format("{}", fmt::join(found.left_out, "\n"))});
}

}  // namespace

std::vector<Table> write_report(const std::vector<Run>& runs, const fs::path& dir,
                                const ReportOptions& options) {
  std::vector<Group> groups = group_runs(runs);
  if (!options.baseline.empty()) put_first(groups, options.baseline);
  const std::vector<Outcome> outcomes = outcomes_of(groups);
  std::vector<Table> tables;
  if (!options.found.failed.empty()) tables.push_back(failed_table(options.found.failed));
  if (!options.against.empty()) tables.push_back(changes_table(read_outcomes(options.against), outcomes));
  const auto sets = comparable(groups);
  for (std::size_t s = 0; s < sets.size(); ++s) add_comparison(tables, sets[s], s + 1);
  if (auto leak = leak_table(groups)) tables.push_back(*std::move(leak));

  ReportFolder folder("Music classification: " + runs.front().metrics.task, dir);
  add_summary(folder, runs, groups.size(), options.found);
  folder.add(Heading{"Results"});
  for (const Table& table : tables) folder.add_table(table);
  add_differences(folder, groups);
  for (std::size_t g = 0; g < groups.size(); ++g) add_group(folder, groups[g], g + 1);
  add_training(folder, runs);
  add_run_figures(folder, runs, groups);
  add_making_of(folder, runs, command_of(runs, dir, options));
  folder.add_file("experiments.json", to_json(outcomes));
  folder.finish();
  return tables;
}

std::vector<Table> write_report(const std::vector<fs::path>& paths, const fs::path& dir,
                                ReportOptions options) {
  options.found = find_runs(paths);
  return write_report(read_runs(options.found.runs), dir, options);
}

}  // namespace chorale::eval
