#include "eval/report/task_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "eval/explain/examples.hpp"
#include "eval/report/comparison.hpp"
#include "eval/results/result_tables.hpp"

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;

// The scores of a kind of task by their names in metrics.json.
std::vector<Column> columns_of(const std::string& kind) {
  if (kind == "regression")
    return {{"mean_absolute_error", "mean absolute error"},
            {"accuracy1", "within 4 %"},
            {"accuracy2", "within 4 %, octaves allowed"}};
  if (kind == "multi")
    return {{"macro_auc", "macro AUC"},
            {"macro_average_precision", "macro AP"},
            {"macro_f1", "macro F1"},
            {"micro_f1", "micro F1"},
            {"weighted_f1", "weighted F1"},
            {"hamming_loss", "Hamming loss"},
            {"subset_accuracy", "subset accuracy"}};
  std::vector<Column> columns = {{"accuracy", "accuracy"},
                                 {"balanced_accuracy", "balanced accuracy"},
                                 {"macro_f1", "macro F1"},
                                 {"weighted_f1", "weighted F1"},
                                 {"top_3_accuracy", "among the first 3"},
                                 {"macro_auc", "macro AUC"},
                                 {"expected_calibration_error", "ECE"}};
  if (kind == "key") columns.push_back({"weighted_score", "MIREX weighted"});
  return columns;
}

const TaskScores* task_of(const Run& run, const std::string& name) {
  const auto found = std::ranges::find(run.task_scores, name, &TaskScores::name);
  return found == run.task_scores.end() ? nullptr : &*found;
}

// Of all experiments, in order of first appearance.
std::vector<TaskScores> tasks_of(const Comparable& experiments) {
  std::vector<TaskScores> tasks;
  for (const Group* group : experiments.groups) {
    for (const TaskScores& task : group->runs.front()->task_scores) {
      if (std::ranges::find(tasks, task.name, &TaskScores::name) == tasks.end()) tasks.push_back(task);
    }
  }
  return tasks;
}

// Over the runs of a group that have it.
Cell over_runs(const Group& group, const std::string& task, const std::string& score) {
  std::vector<double> values;
  for (const Run* run : group.runs) {
    const TaskScores* scores = task_of(*run, task);
    if (scores == nullptr) continue;
    if (const auto found = scores->song.find(score); found != scores->song.end())
      values.push_back(found->second);
  }
  return mean_std(values);
}

}  // namespace

std::vector<TaskScores> task_scores_from_json(const std::string& metrics_json) {
  const Json json = Json::parse(metrics_json);
  std::vector<TaskScores> tasks;
  if (!json.contains("tasks")) return tasks;
  for (const auto& [name, task] : json.at("tasks").items()) {
    TaskScores scores{name, task.at("kind"), {}};
    if (task.contains("song")) {
      for (const auto& [score, value] : task.at("song").items()) {
        if (value.is_number()) scores.song.emplace(score, value.get<double>());
      }
    }
    tasks.push_back(std::move(scores));
  }
  return tasks;
}

std::vector<Table> scores_tables(const Comparable& experiments, const std::string& ending) {
  const std::vector<TaskScores> tasks = tasks_of(experiments);
  std::vector<std::string> names;
  std::ranges::transform(tasks, std::back_inserter(names), &TaskScores::name);
  const auto file_parts = safe_names(names);
  std::vector<Table> tables;
  for (const TaskScores& task : tasks) {
    Table table{
        .name = "scores_" + file_parts[tables.size()] + ending,
        .caption = fmt::format("Scores of {} ({}), songs by the mean of their slices", task.name, task.kind),
        .columns = {{"experiment", "experiment"}, {"n_runs", "runs"}},
        .notes = {"Mean ± sample standard deviation over runs that differ in seed or fold alone. –: "
                  "undefined on these songs."}};
    const auto scores = columns_of(task.kind);
    table.columns.insert(table.columns.end(), scores.begin(), scores.end());
    for (const Group* group : experiments.groups) {
      const auto runs = std::ranges::count_if(
          group->runs, [&](const Run* run) { return task_of(*run, task.name) != nullptr; });
      if (runs == 0) continue;
      std::vector<Cell> row = {group->label, static_cast<std::int64_t>(runs)};
      for (const Column& score : scores) row.push_back(over_runs(*group, task.name, score.key));
      table.add(std::move(row));
      add_warning(table, group->label, group->runs.front()->metrics);
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace chorale::eval
