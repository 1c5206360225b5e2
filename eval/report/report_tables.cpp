#include "eval/report/report_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

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

// The run of a group with the highest macro F1.
const Run& best_of(const Group& group) {
  return **std::ranges::max_element(group.runs, {},
                                    [](const Run* run) { return song_macro_f1(run->metrics); });
}

// A score of each run that has it.
Cell over_runs(const std::vector<const Run*>& runs,
               const std::function<std::optional<double>(const SongSearch&)>& score) {
  std::vector<double> values;
  for (const Run* run : runs) {
    if (const auto value = score(run->metrics.embedding->search)) values.push_back(*value);
  }
  return mean_std(values);
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
    const auto measured = [&](double (*measure)(const RunMetrics&)) {
      return metrics.classes.empty() ? Cell() : Cell(Number{measure(metrics)});
    };
    table.add({run.name, metrics.checkpoint.model, split_of(metrics), metrics.split.seed,
               metrics.checkpoint.seed, metrics.n_songs, measured(song_accuracy), measured(vote_accuracy),
               measured(song_macro_f1), measured(slice_accuracy), epochs_of(run), metrics.checkpoint.epoch,
               optional_number(seconds_per_epoch(run), 1)});
    add_warning(table, run.name, metrics);
  }
  return table;
}

std::optional<Table> repetitions_table(const Comparable& experiments, const std::string& name) {
  if (std::ranges::all_of(experiments.groups, [](const Group* group) { return group->runs.size() == 1; }))
    return std::nullopt;
  Table table{
      .name = name,
      .caption = "Song macro F1 over repetitions",
      .columns = {{"experiment", "experiment"},
                  {"n_runs", "runs"},
                  {"song_macro_f1", "mean"},
                  {"song_macro_f1_lowest", "lowest"},
                  {"song_macro_f1_best", "best"},
                  {"best_run", "run of the best"}},
      .notes = {"Mean ± sample standard deviation over runs that differ in seed or fold alone. The best "
                "is the best of the test results: a bound, not an estimate."}};
  for (const Group* group : experiments.groups) {
    const auto values = group->values(song_macro_f1);
    table.add({group->label, static_cast<std::int64_t>(values.size()), mean_std(values),
               Number{std::ranges::min(values)}, Number{std::ranges::max(values)}, best_of(*group).name});
    add_warning(table, group->label, group->runs.front()->metrics);
  }
  return table;
}

std::optional<Table> retrieval_table(const Comparable& experiments, const std::string& name) {
  Table table{
      .name = name,
      .caption = "Songs found by their likeness to one",
      .columns = {{"experiment", "experiment"},
                  {"n_runs", "runs"},
                  {"precision_at_1", "P@1", "same class"},
                  {"mean_average_precision", "MAP", "same class"},
                  {"chance", "chance", "same class"},
                  {"precision_at_1_other_artist", "P@1", "of other artists alone"},
                  {"mean_average_precision_other_artist", "MAP", "of other artists alone"},
                  {"chance_other_artist", "chance", "of other artists alone"},
                  {"artist_precision_at_1", "P@1", "same artist"},
                  {"artist_chance", "chance", "same artist"}},
      .notes = {"Cosine of mean embeddings; P@1: part of the songs whose most similar one has it; MAP: mean "
                "average precision; chance: P@1 of a random order; artist: the group that the split keeps "
                "together. Mean ± sample standard deviation over runs whose embeddings were evaluated "
                "(eval.embeddings)."}};
  for (const Group* group : experiments.groups) {
    std::vector<const Run*> runs = group->runs;
    std::erase_if(runs, [](const Run* run) { return !run->metrics.embedding; });
    if (runs.empty()) continue;
    std::vector<Cell> row = {group->label, static_cast<std::int64_t>(runs.size())};
    for (const auto scores : {&SongSearch::same_class, &SongSearch::same_class_other_artist}) {
      row.push_back(over_runs(runs, [&](const SongSearch& search) { return (search.*scores).precision[0]; }));
      row.push_back(
          over_runs(runs, [&](const SongSearch& search) { return (search.*scores).mean_average_precision; }));
      row.push_back(over_runs(runs, [&](const SongSearch& search) { return (search.*scores).chance; }));
    }
    row.push_back(over_runs(runs, [](const SongSearch& search) { return search.same_artist.precision[0]; }));
    row.push_back(over_runs(runs, [](const SongSearch& search) { return search.same_artist.chance; }));
    table.add(std::move(row));
    add_warning(table, group->label, group->runs.front()->metrics);
  }
  if (table.rows.empty()) return std::nullopt;
  return table;
}

}  // namespace chorale::eval
