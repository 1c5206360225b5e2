#include "eval/results/result_tables.hpp"

#include <fmt/format.h>

namespace chorale::eval {
namespace {

std::vector<Cell> score_row(const std::string& level, const metrics::Confusion& confusion) {
  const metrics::Scores scores = score(confusion);
  return {level,
          confusion.total(),
          Number{scores.accuracy},
          Number{scores.balanced_accuracy},
          Number{scores.macro_f1},
          Number{scores.weighted_f1}};
}

}  // namespace

std::string describe(const RunMetrics& metrics) {
  const SplitInfo& split = metrics.split;
  const std::string fold = split.folds > 0 ? fmt::format(", fold {} of {}", split.fold, split.folds) : "";
  return fmt::format("{} songs in {} groups (group: {}) and {} slices; {} part, split {}{}, seed {}.",
                     metrics.n_songs, metrics.n_groups, split.group, metrics.n_slices, split.part, split.kind,
                     fold, split.seed);
}

Table with_warning(Table table, const RunMetrics& metrics) {
  if (!metrics.split.warning.empty()) table.warnings.push_back(metrics.split.warning);
  return table;
}

Table summary_table(const RunMetrics& metrics) {
  Table table{.name = "summary",
              .caption = fmt::format("{}: {} of the best epoch, {}", metrics.task, metrics.checkpoint.model,
                                     metrics.checkpoint.epoch),
              .columns = {{"level", "level"},
                          {"n", "n"},
                          {"accuracy", "accuracy"},
                          {"balanced_accuracy", "balanced accuracy"},
                          {"macro_f1", "macro F1"},
                          {"weighted_f1", "weighted F1"}},
              .notes = {describe(metrics)}};
  table.add(score_row("song, mean probability", metrics.song));
  table.add(score_row("song, majority vote", metrics.vote));
  table.add(score_row("slice", metrics.slice));
  return with_warning(std::move(table), metrics);
}

Table class_table(const metrics::Confusion& songs, const std::vector<std::string>& classes,
                  const std::string& name, const std::string& caption) {
  Table table{.name = name,
              .caption = caption,
              .columns = {{"class", "class"},
                          {"precision", "precision"},
                          {"recall", "recall"},
                          {"f1", "F1"},
                          {"support", "support"}}};
  const metrics::Scores scores = score(songs);
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const metrics::ClassScore& one = scores.per_class[c];
    table.add({classes[c], Number{one.precision}, Number{one.recall}, Number{one.f1}, one.support});
  }
  table.add({"macro mean", Number{scores.macro_precision}, Number{scores.macro_recall},
             Number{scores.macro_f1}, songs.total()});
  return table;
}

Table confusion_table(const metrics::Confusion& songs, const std::vector<std::string>& classes,
                      const std::string& name, const std::string& caption) {
  Table table{.name = name, .caption = caption, .columns = {{"true", "true \\ predicted"}}};
  for (const auto& predicted : classes) table.columns.push_back({predicted, predicted});
  table.columns.push_back({"recall", "recall"});
  const metrics::Scores scores = score(songs);
  for (std::size_t truth = 0; truth < classes.size(); ++truth) {
    std::vector<Cell> row = {classes[truth]};
    for (std::size_t predicted = 0; predicted < classes.size(); ++predicted)
      row.emplace_back(songs.at(truth, predicted));
    row.emplace_back(Number{scores.per_class[truth].recall});
    table.add(std::move(row));
  }
  return table;
}

}  // namespace chorale::eval
