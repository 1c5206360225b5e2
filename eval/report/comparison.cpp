#include "eval/report/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <utility>

#include "eval/report/varied.hpp"
#include "eval/results/result_tables.hpp"
#include "pipeline/runtime/nearest.hpp"

namespace chorale::eval {
namespace {

// Of a path that may lie elsewhere on another machine.
std::string last_part(const std::string& path) {
  return (std::filesystem::path(path) / "").lexically_normal().parent_path().filename().string();
}

// What two experiments must have in common, a line each: what it is, and its value.
using Conditions = std::vector<std::pair<std::string, std::string>>;

bool ignores_artists(const Run& run) {
  return !run.metrics.split.warning.empty() && run.metrics.split.store.empty() &&
         run.experiment.split.by == config::SplitBy::kGroup;
}

// What decides, beside seed and fold, which songs are tested.
std::string songs_of_split(const Run& run) {
  const config::Split& split = run.experiment.split;
  if (!run.metrics.split.store.empty()) return "";
  switch (split.kind) {
    case config::SplitKind::kFolds:
      return fmt::format(", {} folds", run.metrics.split.folds);
    case config::SplitKind::kStratified:
      return run.metrics.split.part == "validation" ? fmt::format(", validation {:g}", split.validation)
                                                    : fmt::format(", test {:g}", split.test);
    case config::SplitKind::kFile:
      return ", " + last_part(split.file);
    case config::SplitKind::kOfficial:
      break;
  }
  return "";
}

Conditions conditions_of(const Group& group) {
  const Run& run = *group.runs.front();
  const config::Dataset& dataset = run.experiment.dataset;
  const SplitInfo& split = run.metrics.split;
  return {{"task", run.metrics.task},
          {"classes", fmt::format("{}", fmt::join(run.metrics.classes, ", "))},
          {"collection",
           fmt::format("{} {} {}", last_part(dataset.root), last_part(dataset.metadata), dataset.subset)},
          {"part", split.part},
          {"split", fmt::format("{} by {}{}{}", split.kind, split.group, songs_of_split(run),
                                ignores_artists(run) ? ", artists ignored" : "")}};
}

std::string what_differs(const Conditions& here, const Conditions& there) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < here.size(); ++i) {
    if (here[i].second != there[i].second)
      lines.push_back(fmt::format("another {} ({}, not {})", here[i].first, here[i].second, there[i].second));
  }
  return fmt::format("{}", fmt::join(lines, "; "));
}

bool counts_songs_once(const Group& group) { return group.runs.size() == 1 || group.is_folds(); }

// A song in one repetition of an experiment; where each has but one, whatever its seeds are.
std::string key_of(const Run& run, const JudgedSong& song, bool once) {
  const auto& split = run.metrics.split;
  return once ? fmt::format("{}/{}", split.fold, song.id)
              : fmt::format("{}/{}/{}/{}", split.fold, song.id, split.seed, run.metrics.checkpoint.seed);
}

// The songs of both experiments; none when one was tested on songs that the other was not.
std::vector<JudgedTwice> pairs_of(const Group& first, const Group& second) {
  const bool once = counts_songs_once(first) && counts_songs_once(second);
  std::map<std::string, const JudgedSong*> known;
  for (const Run* run : first.runs) {
    for (const JudgedSong& song : run->songs) known.emplace(key_of(*run, song, once), &song);
  }
  std::vector<JudgedTwice> pairs;
  for (const Run* run : second.runs) {
    for (const JudgedSong& song : run->songs) {
      const auto found = known.find(key_of(*run, song, once));
      if (found == known.end() || found->second->truth != song.truth) return {};
      pairs.push_back({song.truth, found->second->predicted, song.predicted, song.unit()});
    }
  }
  return pairs.size() == known.size() ? pairs : std::vector<JudgedTwice>{};
}

// What an ablation changes: the keys that differ, where they are few. The model is in the label.
std::vector<VariedKey> ablated_keys(const std::vector<const Group*>& groups) {
  constexpr std::size_t kMost = 4;
  auto keys = varied_keys(groups);
  std::erase_if(keys, [](const VariedKey& varied) { return varied.key == "model.name"; });
  if (keys.size() > kMost) keys.clear();
  return keys;
}

// The columns of a difference to the first experiment, and the cells of one.
const std::vector<Column> kDifference = {
    {"difference", "difference"}, {"difference_interval", "95 % interval"}, {"p", "p"}, {"significance", ""}};

std::vector<Cell> difference_cells(const Group& first, const Group& group) {
  const auto pairs = pairs_of(first, group);
  if (pairs.empty()) return std::vector<Cell>(kDifference.size());
  const Difference difference = compare(pairs);
  std::vector<Cell> cells = {Number{difference.value},
                             Range{difference.interval.low, difference.interval.high}};
  const double p = counts_songs_once(group) ? difference.p : difference.p_of_groups;
  cells.emplace_back(Number{p, 4, true});
  cells.emplace_back(significance_mark(p));
  return cells;
}

std::vector<Cell> row_of(const Group& group) {
  const auto accuracies = group.values(song_accuracy);
  return {group.label,
          static_cast<std::int64_t>(group.runs.size()),
          static_cast<std::int64_t>(group.songs().size()),
          mean_std(accuracies),
          accuracy_interval(group),
          Number{*std::max_element(accuracies.begin(), accuracies.end())},
          mean_std(group.values(song_macro_f1)),
          mean_std(group.values(vote_accuracy)),
          mean_std(group.values(slice_accuracy))};
}

}  // namespace

void put_first(std::vector<Group>& groups, const std::string& name) {
  const std::string folder = (std::filesystem::path(name) / "").lexically_normal().parent_path().string();
  const auto found = std::ranges::find_if(groups, [&](const Group& group) {
    return group.label == name || std::ranges::any_of(group.runs, [&](const Run* run) {
             return run->name == name || run->dir == folder;
           });
  });
  if (found == groups.end()) {
    std::vector<std::string> known;
    std::ranges::transform(groups, std::back_inserter(known), &Group::label);
    for (const Group& group : groups) {
      for (const Run* run : group.runs) known.push_back(run->name);
    }
    const auto near = runtime::nearest(name, known);
    throw runtime::UsageError(
        fmt::format("--baseline {}: no experiment or run of this report{} There are: {}", name,
                    near ? ", did you mean " + *near + "?" : ".", fmt::join(known, ", ")));
  }
  std::rotate(groups.begin(), found, found + 1);
}

Cell accuracy_interval(const Group& group) {
  const auto songs = group.songs();
  if (songs.empty()) return {};
  const auto [low, high] = bootstrap(songs, group.runs.front()->metrics.classes.size()).accuracy;
  return Range{low, high};
}

std::string significance_mark(double p) { return p < 0.001 ? "***" : p < 0.01 ? "**" : p < 0.05 ? "*" : ""; }

std::vector<Comparable> comparable(const std::vector<Group>& groups) {
  std::vector<Comparable> sets;
  std::vector<Conditions> conditions;
  for (const Group& group : groups) {
    const Conditions mine = conditions_of(group);
    const auto place = static_cast<std::size_t>(std::ranges::find(conditions, mine) - conditions.begin());
    if (place == sets.size()) {
      conditions.push_back(mine);
      sets.push_back({{}, place == 0 ? "" : what_differs(mine, conditions.front())});
    }
    sets[place].groups.push_back(&group);
  }
  return sets;
}

Table comparison_table(const Comparable& experiments, const std::string& name) {
  const bool several = experiments.groups.size() > 1;
  Table table{
      .name = name,
      .caption = "Experiments",
      .columns = {{"experiment", "experiment"},
                  {"n_runs", "runs"},
                  {"n_songs", "songs"},
                  {"song_accuracy", "song accuracy"},
                  {"song_accuracy_interval", "95 % interval"},
                  {"song_accuracy_best", "best"},
                  {"song_macro_f1", "song macro F1"},
                  {"vote_accuracy", "vote accuracy"},
                  {"slice_accuracy", "slice accuracy"}},
      .notes = {"Songs: classified by mean probability over their slices; vote: by the majority of their "
                "slices. Mean ± sample standard deviation over runs that differ in seed or fold alone; best: "
                "the highest song accuracy of one run; songs: evaluated, over all runs. Intervals: bootstrap "
                "over groups of songs (artists, where they are known)."}};
  const auto keys = ablated_keys(experiments.groups);
  for (std::size_t k = 0; k < keys.size(); ++k)
    table.columns.insert(table.columns.begin() + 1 + static_cast<std::ptrdiff_t>(k),
                         {keys[k].key, keys[k].key});
  if (!experiments.reason.empty())
    table.notes.insert(table.notes.begin(), "Apart from the first table: " + experiments.reason + ".");
  if (several) {
    table.columns.insert(table.columns.end(), kDifference.begin(), kDifference.end());
    table.notes.push_back(fmt::format(
        "Difference: song accuracy less that of {}, on the same songs. p, two-sided: exact McNemar "
        "test; where several runs judge each song, whose answers are not independent, a paired "
        "permutation test over groups of songs (10,000 draws, fewer beyond 10,000 groups). * p < 0.05, ** p "
        "< 0.01, *** p < 0.001, "
        "each for itself; it says nothing of other seeds. –: other songs or seeds.",
        experiments.groups.front()->label));
  }
  for (std::size_t g = 0; g < experiments.groups.size(); ++g) {
    const Group* group = experiments.groups[g];
    std::vector<Cell> row = row_of(*group);
    for (std::size_t k = 0; k < keys.size(); ++k)
      row.insert(row.begin() + 1 + static_cast<std::ptrdiff_t>(k), value_cell(keys[k].values[g]));
    if (several) {
      const bool first = group == experiments.groups.front();
      const auto cells = first ? std::vector<Cell>(kDifference.size())
                               : difference_cells(*experiments.groups.front(), *group);
      row.insert(row.end(), cells.begin(), cells.end());
    }
    table.add(std::move(row));
    const RunMetrics& metrics = group->runs.front()->metrics;
    if (const auto absent = absent_classes(group->pooled(), metrics.classes); !absent.empty())
      table.notes.push_back(group->label + ": " + absent + ".");
    add_warning(table, group->label, metrics);
  }
  return table;
}

}  // namespace chorale::eval
