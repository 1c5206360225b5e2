#include "eval/report/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "eval/figures/confusion_figure.hpp"
#include "eval/figures/learning_curves.hpp"
#include "eval/report/comparison.hpp"
#include "eval/report/document.hpp"
#include "eval/report/report_tables.hpp"
#include "eval/results/result_tables.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;

// Adds blocks to the document and writes the files of tables and figures as it goes.
class Writer {
 public:
  Writer(std::string title, fs::path dir) : document_{std::move(title), {}}, dir_(std::move(dir)) {}

  void add(Block block) { document_.blocks.push_back(std::move(block)); }
  void add_table(const Table& table) {
    write_table(table, dir_ / "tables");
    add(table);
  }
  void add_figure(const figures::Figure& figure, const std::string& caption) {
    figures::write_figure(figure, dir_ / "figures");
    add(Picture{figure.name, caption});
  }
  void add_file(const fs::path& name, const std::string& text) const {
    fs::create_directories((dir_ / name).parent_path());
    runtime::write_file(dir_ / name, text);
  }
  void finish() const {
    runtime::write_file(dir_ / "report.md", to_markdown(document_));
    runtime::write_file(dir_ / "report.html", to_html(document_, dir_ / "figures"));
  }

 private:
  Document document_;
  fs::path dir_;
};

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
  return fmt::format("{} runs, {} songs in all, {} part of split {} (group: {}): {}.", names.size(),
                     group.pooled().total(), first.split.part, first.split.kind, first.split.group,
                     fmt::join(names, ", "));
}

void add_differences(Writer& writer, const std::vector<Group>& groups) {
  for (std::size_t g = 1; g < groups.size(); ++g) {
    const auto lines = config::differences(groups[g].config, groups.front().config);
    if (lines.empty()) continue;
    writer.add(Listing{fmt::format("{} (here) against {} (there):", groups[g].label, groups.front().label),
                       fmt::format("{}", fmt::join(lines, "\n"))});
  }
}

void add_group(Writer& writer, const Group& group, std::size_t number) {
  const metrics::Confusion pooled = group.pooled();
  const RunMetrics& first = group.runs.front()->metrics;
  const std::string over = repetitions(group);
  const auto name = [&](const char* what) { return fmt::format("{}-{}", what, number); };
  writer.add(Heading{group.label});
  writer.add(Paragraph{about(group)});
  const std::string title = fmt::format("{}, {}", group.label, over);
  writer.add_figure(
      confusion_figure(name("confusion_percent"), title, pooled, first.classes, CellValue::kPercent),
      "Songs of each class by predicted class, per cent");
  writer.add_figure(confusion_figure(name("confusion"), title, pooled, first.classes, CellValue::kCount),
                    "Songs of each class by predicted class, counts");
  writer.add_table(with_warning(class_table(pooled, first.classes, name("per_class"),
                                            fmt::format("Classes: {}, {}", group.label, over)),
                                first));
}

void add_training(Writer& writer, const std::vector<Run>& runs) {
  writer.add(Heading{"Training"});
  writer.add_table(runs_table(runs));
  for (std::size_t r = 0; r < runs.size(); ++r) {
    if (runs[r].history.size() < 2) continue;
    writer.add_figure(learning_curves(fmt::format("learning_curves-{}", r + 1), runs[r].name, runs[r].history,
                                      runs[r].metrics.checkpoint.epoch),
                      fmt::format("Learning curves of {}", runs[r].name));
  }
}

void add_making_of(Writer& writer, const std::vector<Run>& runs, const fs::path& dir) {
  std::string commands, all;
  for (const Run& run : runs) {
    const std::string folder = run.dir.string();
    commands += fmt::format(
        "chorale ingest {0}/config.toml\nchorale train {0}/config.toml\nchorale eval {0}\n", folder);
    all += " " + folder;
  }
  writer.add(Heading{"How it was made"});
  commands += fmt::format("chorale report{} -o {}", all, dir.string());
  writer.add_file("commands.sh", commands + "\n");
  writer.add(
      Listing{"Commands; ingest and train run under mpirun or srun on any number of ranks:", commands});
  for (const Run& run : runs) {
    std::string name = run.name;
    std::ranges::replace(name, '/', '_');
    writer.add(Listing{"Configuration of " + run.name, run.config, Listing::Fold::kFolded});
    writer.add_file("configurations/" + name + ".toml", run.config);
    if (run.environment.empty()) continue;
    writer.add(Listing{"Environment of " + run.name, run.environment, Listing::Fold::kFolded});
    writer.add_file("environments/" + name + ".json", run.environment);
  }
}

}  // namespace

std::vector<Table> write_report(const std::vector<Run>& runs, const fs::path& dir,
                                const std::optional<std::vector<Outcome>>& former) {
  const std::vector<Group> groups = group_runs(runs);
  const std::vector<Outcome> outcomes = outcomes_of(groups);
  std::vector<Table> tables;
  if (former) tables.push_back(changes_table(*former, outcomes));
  std::size_t number = 0;
  for (const Comparable& experiments : comparable(groups)) {
    ++number;
    tables.push_back(
        comparison_table(experiments, number == 1 ? "comparison" : fmt::format("comparison-{}", number)));
  }
  Writer writer("Music classification: " + runs.front().metrics.task, dir);
  writer.add(Paragraph{fmt::format("{} run{} of {} experiment{}.", runs.size(), runs.size() == 1 ? "" : "s",
                                   groups.size(), groups.size() == 1 ? "" : "s")});
  for (const Table& table : tables) writer.add_table(table);
  add_differences(writer, groups);
  for (std::size_t g = 0; g < groups.size(); ++g) add_group(writer, groups[g], g + 1);
  add_training(writer, runs);
  add_making_of(writer, runs, dir);
  writer.add_file("experiments.json", to_json(outcomes));
  writer.finish();
  return tables;
}

}  // namespace chorale::eval
