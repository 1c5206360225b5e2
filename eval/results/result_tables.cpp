#include "eval/results/result_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chorale::eval {
namespace {

// `intervals`: null where there are none, of votes and slices.
std::vector<Cell> score_row(const std::string& level, const metrics::Confusion& confusion,
                            const ScoreIntervals* intervals = nullptr) {
  const metrics::Scores scores = score(confusion);
  const auto range = [&](Interval ScoreIntervals::*of) -> Cell {
    if (intervals == nullptr) return std::monostate{};
    return Range{(intervals->*of).low, (intervals->*of).high};
  };
  return {level,
          confusion.total(),
          Number{scores.accuracy},
          range(&ScoreIntervals::accuracy),
          Number{scores.balanced_accuracy},
          Number{scores.macro_f1},
          range(&ScoreIntervals::macro_f1),
          Number{scores.weighted_f1}};
}

// The row with AUC and average precision of class c, or behind the classes their macro means.
std::vector<Cell> with_ranking(std::vector<Cell> row, const metrics::MultiLabelScores* ranking,
                               std::size_t c) {
  if (ranking == nullptr) return row;
  const bool of_class = c < ranking->per_class.size();
  row.push_back(optional_number(of_class ? ranking->per_class[c].roc_auc : ranking->macro_auc));
  row.push_back(
      optional_number(of_class ? ranking->per_class[c].average_precision : ranking->macro_average_precision));
  return row;
}

}  // namespace

std::string describe(const RunMetrics& metrics) {
  const SplitInfo& split = metrics.split;
  if (!split.store.empty()) {
    return fmt::format(
        "{} songs in {} groups (group: {}) and {} slices; {}, all songs that the run has classes "
        "for.{}",
        metrics.n_songs, metrics.n_groups, split.group, metrics.n_slices, split.part,
        split.left_out.empty() ? "" : " Left out: " + split.left_out + ".");
  }
  const std::string fold = split.folds > 0 ? fmt::format(", fold {} of {}", split.fold, split.folds) : "";
  return fmt::format("{} songs in {} groups (group: {}) and {} slices; {} part, split {}{}, seed {}.",
                     metrics.n_songs, metrics.n_groups, split.group, metrics.n_slices, split.part, split.kind,
                     fold, split.seed);
}

std::string absent_classes(const metrics::Confusion& songs, const std::vector<std::string>& classes) {
  std::vector<std::string> absent;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (songs.support(c) == 0) absent.push_back(classes[c]);
  }
  if (absent.empty()) return "";
  return fmt::format("no songs of {}, which no mean over classes has", fmt::join(absent, ", "));
}

Table with_warning(Table table, const RunMetrics& metrics) {
  if (!metrics.split.warning.empty()) table.warnings.push_back(metrics.split.warning);
  return table;
}

void add_warning(Table& table, const std::string& row, const RunMetrics& metrics) {
  if (!metrics.split.warning.empty())
    table.warnings.push_back(fmt::format("{}: {}", row, metrics.split.warning));
}

Table summary_table(const RunMetrics& metrics) {
  Table table{.name = "summary",
              .caption = fmt::format("{}: {} of the best epoch, {}", metrics.task, metrics.checkpoint.model,
                                     metrics.checkpoint.epoch),
              .columns = {{"level", "level"},
                          {"n", "n"},
                          {"accuracy", "accuracy"},
                          {"accuracy_interval", "95 % interval"},
                          {"balanced_accuracy", "balanced accuracy"},
                          {"macro_f1", "macro F1"},
                          {"macro_f1_interval", "95 % interval"},
                          {"weighted_f1", "weighted F1"}},
              .notes = {describe(metrics), "Intervals: bootstrap over groups of songs."}};
  if (const auto absent = absent_classes(metrics.song, metrics.classes); !absent.empty())
    table.notes.push_back("There are " + absent + ".");
  table.add(score_row("song, mean probability", metrics.song, &metrics.intervals));
  table.add(score_row("song, majority vote", metrics.vote));
  table.add(score_row("slice", metrics.slice));
  return with_warning(std::move(table), metrics);
}

Table class_table(const metrics::Confusion& songs, const std::vector<std::string>& classes,
                  const std::string& name, const std::string& caption,
                  const metrics::MultiLabelScores* ranking) {
  Table table{.name = name,
              .caption = caption,
              .columns = {{"class", "class"},
                          {"precision", "precision"},
                          {"recall", "recall"},
                          {"f1", "F1"},
                          {"support", "support"}}};
  if (ranking != nullptr) {
    table.columns.push_back({"auc", "AUC"});
    table.columns.push_back({"average_precision", "AP"});
  }
  const metrics::Scores scores = score(songs);
  bool absent = false;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const metrics::ClassScore& one = scores.per_class[c];
    const auto defined = [&](double value) { return one.support > 0 ? Cell(Number{value}) : Cell(); };
    table.add(with_ranking(
        {classes[c], defined(one.precision), defined(one.recall), defined(one.f1), one.support}, ranking, c));
    absent = absent || one.support == 0;
  }
  table.add(with_ranking({"macro mean", Number{scores.macro_precision}, Number{scores.macro_recall},
                          Number{scores.macro_f1}, songs.total()},
                         ranking, classes.size()));
  if (absent) table.notes.push_back("–: no song of this part has the class. It is not in the macro mean.");
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
    const metrics::ClassScore& one = scores.per_class[truth];
    row.push_back(optional_number(one.support > 0 ? std::optional(one.recall) : std::nullopt));
    table.add(std::move(row));
  }
  return table;
}

}  // namespace chorale::eval
