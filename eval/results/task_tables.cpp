#include "eval/results/task_tables.hpp"

#include <fmt/format.h>

#include "eval/results/result_tables.hpp"

namespace chorale::eval {
namespace {

// The run's, with what is counted of this task.
RunMetrics run_of_task(const TaskMetrics& metrics, RunMetrics run) {
  run.task = metrics.output.task.name;
  run.n_songs = metrics.n_songs;
  run.n_slices = metrics.n_slices;
  return run;
}

Table empty_summary(const RunMetrics& run, const std::vector<Column>& scores) {
  Table table{.name = "summary",
              .caption = fmt::format("{}: {} of the best epoch, {}", run.task, run.checkpoint.model,
                                     run.checkpoint.epoch),
              .columns = {{"level", "level"}, {"n", "n"}},
              .notes = {describe(run)}};
  table.columns.insert(table.columns.end(), scores.begin(), scores.end());
  return table;
}

// "Songs: within the 3 most probable classes 0.950, ...; expected calibration error 0.041; ..."
std::string ranking_note(const char* level, const TaskMetrics::Ranking& ranking) {
  std::string note = level;
  for (const std::size_t k : {std::size_t{3}, std::size_t{5}}) {
    if (k <= ranking.top_k.size())
      note += fmt::format(" within the {} most probable classes {:.3f},", k, ranking.top_k[k - 1]);
  }
  note += fmt::format(" expected calibration error {:.3f}", ranking.calibration.expected_error);
  if (const auto auc = ranking.against_rest.macro_auc)
    note += fmt::format(", macro AUC {:.3f} over {} classes", *auc, ranking.against_rest.counted);
  if (ranking.key_score) note += fmt::format(", MIREX weighted score {:.3f}", *ranking.key_score);
  return note + ".";
}

std::vector<Table> class_tables(const TaskMetrics::Classes& classes, const std::vector<std::string>& names,
                                RunMetrics run) {
  run.classes = names;
  run.song = classes.song;
  run.vote = classes.vote;
  run.slice = classes.slice;
  run.intervals = classes.intervals;
  std::vector<Table> tables = {summary_table(run)};
  tables.front().notes.push_back(ranking_note("Songs:", classes.songs));
  if (classes.slices) tables.front().notes.push_back(ranking_note("Slices:", *classes.slices));
  tables.push_back(class_table(run.song, names, "per_class", "Classes, songs by mean probability",
                               &classes.songs.against_rest));
  tables.push_back(confusion_table(run.song, names, "confusion", "Songs by mean probability"));
  return tables;
}

std::vector<Table> label_tables(const TaskMetrics& metrics, const RunMetrics& run) {
  Table summary = empty_summary(run, {{"macro_auc", "macro AUC"},
                                      {"macro_average_precision", "macro AP"},
                                      {"macro_f1", "macro F1"},
                                      {"micro_f1", "micro F1"},
                                      {"weighted_f1", "weighted F1"},
                                      {"hamming_loss", "Hamming loss"},
                                      {"subset_accuracy", "subset accuracy"}});
  const auto add_level = [&](const char* level, std::int64_t n, const metrics::MultiLabelScores& scores) {
    summary.add({level, n, optional_number(scores.macro_auc), optional_number(scores.macro_average_precision),
                 optional_number(scores.macro_f1), Number{scores.micro_f1}, Number{scores.weighted_f1},
                 Number{scores.hamming_loss}, Number{scores.subset_accuracy}});
  };
  const TaskMetrics::Labels& labels = *metrics.labels;
  add_level("song, mean probability", metrics.n_songs, labels.song);
  add_level("slice", metrics.n_slices, labels.slice);
  summary.notes.push_back(
      fmt::format("Macro means are over the {} of {} classes that songs both have and lack.",
                  labels.song.counted, metrics.output.count));

  Table classes{.name = "per_class",
                .caption = "Classes, songs by mean probability",
                .columns = {{"class", "class"},
                            {"auc", "AUC"},
                            {"average_precision", "AP"},
                            {"threshold", "threshold"},
                            {"precision", "precision"},
                            {"recall", "recall"},
                            {"f1", "F1"},
                            {"support", "support"}}};
  for (std::size_t c = 0; c < labels.song.per_class.size(); ++c) {
    const metrics::ClassRanking& one = labels.song.per_class[c];
    const auto defined = [&](double value) { return one.positives > 0 ? Cell(Number{value}) : Cell(); };
    classes.add({metrics.output.task.classes[c], optional_number(one.roc_auc),
                 optional_number(one.average_precision), Number{labels.thresholds[c]},
                 defined(one.decisions.precision()), defined(one.decisions.recall()),
                 defined(one.decisions.f1()), one.positives});
  }
  return {std::move(summary), std::move(classes)};
}

Table value_table(const TaskMetrics& metrics, const RunMetrics& run) {
  Table summary = empty_summary(run, {{"mean_absolute_error", "mean absolute error"},
                                      {"accuracy1", "within 4 %"},
                                      {"accuracy2", "within 4 %, octaves allowed"}});
  const auto add_level = [&](const char* level, std::int64_t n, const metrics::TempoScores& scores) {
    summary.add(
        {level, n, Number{scores.mean_absolute_error}, Number{scores.accuracy1}, Number{scores.accuracy2}});
  };
  if (!metrics.values) return summary;
  add_level("song, mean", metrics.n_songs, metrics.values->song);
  add_level("slice", metrics.n_slices, metrics.values->slice);
  return summary;
}

}  // namespace

std::vector<Table> task_tables(const TaskMetrics& metrics, const RunMetrics& run) {
  const RunMetrics mine = run_of_task(metrics, run);
  std::vector<Table> tables;
  if (metrics.classes) {
    tables = class_tables(*metrics.classes, metrics.output.task.classes, mine);
  } else if (metrics.labels) {
    tables = label_tables(metrics, mine);
  } else {
    tables = {value_table(metrics, mine)};
  }
  for (Table& table : tables) {
    if (table.warnings.empty()) table = with_warning(std::move(table), run);
  }
  return tables;
}

}  // namespace chorale::eval
