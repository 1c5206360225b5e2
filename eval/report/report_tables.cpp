#include "eval/report/report_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace chorale::eval {
namespace {

using Measure = std::function<double(const RunMetrics&)>;

double song_accuracy(const RunMetrics& metrics) { return score(metrics.song).accuracy; }
double vote_accuracy(const RunMetrics& metrics) { return score(metrics.vote).accuracy; }
double song_macro_f1(const RunMetrics& metrics) { return score(metrics.song).macro_f1; }
double slice_accuracy(const RunMetrics& metrics) { return score(metrics.slice).accuracy; }

std::vector<double> values_of(const Group& group, const Measure& measure) {
  std::vector<double> values;
  for (const Run* run : group.runs) values.push_back(measure(run->metrics));
  return values;
}

std::string split_of(const RunMetrics& metrics) {
  const SplitInfo& split = metrics.split;
  const std::string fold = split.folds > 0 ? fmt::format(" {}/{}", split.fold, split.folds) : "";
  return fmt::format("{}{} by {}", split.kind, fold, split.group);
}

Cell epochs_of(const Run& run) {
  if (run.history.empty()) return std::monostate{};
  return run.history.back().epoch;
}

Cell seconds_per_epoch(const Run& run) {
  if (run.history.empty()) return std::monostate{};
  const double sum = std::accumulate(run.history.begin(), run.history.end(), 0.0,
                                     [](double total, const Epoch& epoch) { return total + epoch.seconds; });
  return Number{sum / static_cast<double>(run.history.size()), 1};
}

void add_warning(Table& table, const std::string& row, const RunMetrics& metrics) {
  if (!metrics.split.warning.empty())
    table.warnings.push_back(fmt::format("{}: {}", row, metrics.split.warning));
}

}  // namespace

Table comparison_table(const std::vector<Group>& groups) {
  Table table{
      .name = "comparison",
      .caption = "Experiments",
      .columns = {{"experiment", "experiment"},
                  {"n_runs", "runs"},
                  {"n_songs", "songs"},
                  {"song_accuracy", "song accuracy"},
                  {"song_accuracy_best", "best"},
                  {"song_macro_f1", "song macro F1"},
                  {"vote_accuracy", "vote accuracy"},
                  {"slice_accuracy", "slice accuracy"}},
      .notes = {"Songs: classified by mean probability over their slices; vote: by the majority of their "
                "slices. Mean ± sample standard deviation over runs that differ in seed or fold alone; best: "
                "the highest song accuracy of one run; songs: evaluated, over all runs."}};
  for (const Group& group : groups) {
    const auto accuracies = values_of(group, song_accuracy);
    table.add({group.label, static_cast<std::int64_t>(group.runs.size()), group.pooled().total(),
               mean_std(accuracies), Number{*std::max_element(accuracies.begin(), accuracies.end())},
               mean_std(values_of(group, song_macro_f1)), mean_std(values_of(group, vote_accuracy)),
               mean_std(values_of(group, slice_accuracy))});
    add_warning(table, group.label, group.runs.front()->metrics);
  }
  return table;
}

Table runs_table(const std::vector<Run>& runs) {
  Table table{.name = "runs",
              .caption = "Runs",
              .columns = {{"run", "run"},
                          {"model", "model"},
                          {"split", "split"},
                          {"split_seed", "split seed"},
                          {"train_seed", "train seed"},
                          {"n_songs", "songs"},
                          {"song_accuracy", "song accuracy"},
                          {"vote_accuracy", "vote accuracy"},
                          {"song_macro_f1", "macro F1"},
                          {"slice_accuracy", "slice accuracy"},
                          {"epochs", "epochs"},
                          {"best_epoch", "best epoch"},
                          {"seconds_per_epoch", "s/epoch"}}};
  for (const Run& run : runs) {
    const RunMetrics& metrics = run.metrics;
    table.add({run.name, metrics.checkpoint.model, split_of(metrics), metrics.split.seed,
               metrics.checkpoint.seed, metrics.n_songs, Number{song_accuracy(metrics)},
               Number{vote_accuracy(metrics)}, Number{song_macro_f1(metrics)},
               Number{slice_accuracy(metrics)}, epochs_of(run), metrics.checkpoint.epoch,
               seconds_per_epoch(run)});
    add_warning(table, run.name, metrics);
  }
  return table;
}

}  // namespace chorale::eval
