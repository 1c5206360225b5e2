#include "eval/report/report_tables.hpp"

#include <fmt/format.h>

#include "eval/results/result_tables.hpp"

namespace chorale::eval {
namespace {

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
  double sum = 0;
  int epochs = 0;
  for (const Epoch& epoch : run.history) {
    if (!epoch.seconds) continue;
    sum += *epoch.seconds;
    ++epochs;
  }
  return epochs > 0 ? Cell(Number{sum / epochs, 1}) : Cell();
}

}  // namespace

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
