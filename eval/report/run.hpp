// What a report reads of a run folder, and the experiments that several runs repeat.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "eval/figures/history.hpp"
#include "eval/metrics/significance.hpp"
#include "eval/report/task_scores.hpp"
#include "eval/results/run_metrics.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::eval {

// A row of songs.csv.
struct JudgedSong {
  std::string id, group;
  std::int32_t truth = 0, predicted = 0;  // indices into the run's classes

  // What is drawn together: all songs of its group, else all that is said of it.
  std::string unit() const { return group.empty() ? "song " + id : "group " + group; }
};

struct Run {
  std::filesystem::path dir;
  std::string name;                  // last part of dir, or all of it where two runs share that
  std::string experiment_name = {};  // what its study calls the experiment it repeats; empty outside of one
  std::string config;                // resolved TOML
  std::string
      environment;  // environment.json: versions, commit, ranks, device, seeds; empty where there is none
  config::Experiment experiment;
  RunMetrics metrics;
  std::vector<TaskScores> task_scores = {};  // of all tasks
  std::vector<JudgedSong> songs;  // none where the main task has no classes that exclude each other
  std::vector<Epoch> history;     // empty where there is no history.csv
};

// Mean of the epochs that were timed; nothing where none was.
std::optional<double> seconds_per_epoch(const Run& run);

// What keeps folders from being in a report, a line each: no run, not evaluated.
std::vector<std::string> what_is_missing(const std::vector<std::filesystem::path>& dirs);

// In the order given. Throws UsageError that names every folder which is no run or was not evaluated.
std::vector<Run> read_runs(const std::vector<std::filesystem::path>& dirs);

// Runs that differ in seeds, fold and run.dir alone: repetitions of one experiment.
struct Group {
  std::string
      label;  // in a study its name; else "cnn on gtzan", another "cnn on gtzan (train.lr 0.0001)", or "(2)"
  std::string config;  // resolved TOML without seeds, fold and run.dir
  std::vector<const Run*> runs;

  std::int64_t n_songs() const;  // evaluated, over all runs
  // Whether each song is of one of several classes, which what follows is about.
  bool has_classes() const { return !runs.front()->metrics.classes.empty(); }
  metrics::Confusion pooled() const;  // songs of all runs
  bool is_folds() const;              // every run has another fold of one split, so no song is counted twice
  std::vector<double> values(double (*measure)(const RunMetrics&)) const;  // a run each
  std::vector<Judged> songs() const;  // of all runs; what is said of one song in several runs is one group
};

// In order of first appearance. Keeps pointers into `runs`.
std::vector<Group> group_runs(const std::vector<Run>& runs);

}  // namespace chorale::eval
