// metrics.json of a run: written by eval, read by report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eval/results/embedding_scores.hpp"
#include "eval/results/predictions.hpp"
#include "eval/results/task_metrics.hpp"
#include "pipeline/metrics/confusion.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::eval {

struct MetricsError : runtime::UsageError {
  using UsageError::UsageError;
};

// Where the numbers come from: which songs were kept apart, and how.
struct SplitInfo {
  std::string kind, part;            // "folds", "test"
  std::string group;                 // what does not straddle parts: "artist"
  std::int64_t folds = 0, fold = 0;  // 0 unless kind is folds
  std::int64_t seed = 0;
  std::string warning =
      {};                  // for every table: why figures on this split are too high; empty when they are not
  std::string store = {};  // another one than the run was trained on; empty: the run's own
  std::string left_out = {};  // songs of that store that were not evaluated, and why; empty: none
};

// "test part", "cross-dataset: fma"
std::string part_text(const SplitInfo& split);

struct CheckpointInfo {
  std::string path;        // relative to the run folder
  std::int64_t epoch = 0;  // its own
  std::int64_t seed = 0;   // of training
  std::string model;
  std::int64_t parameters = 0;
};

// Of the main task of a run: the first of kind single, else the first. All scores follow from the confusions;
// of a task of kind multi or regression there are no classes here, and its scores are in its TaskMetrics.
struct RunMetrics {
  std::string task = {};
  std::vector<std::string> classes;
  std::int64_t n_songs = 0, n_slices = 0, n_groups = 0;
  SplitInfo split = {};
  CheckpointInfo checkpoint = {};
  std::string command = {};    // of results on another store: that made them
  std::string overrides = {};  // of the evaluation, as words of a shell
  metrics::Confusion song{0};  // songs by mean probability
  metrics::Confusion vote{0};  // songs by majority vote
  metrics::Confusion slice{0};
  ScoreIntervals intervals = {};                  // 95 %, of `song`
  std::optional<EmbeddingScores> embedding = {};  // with eval.embeddings
};

// The figures that reports compare.
inline double song_accuracy(const RunMetrics& metrics) { return score(metrics.song).accuracy; }
inline double song_macro_f1(const RunMetrics& metrics) { return score(metrics.song).macro_f1; }
inline double vote_accuracy(const RunMetrics& metrics) { return score(metrics.vote).accuracy; }
inline double slice_accuracy(const RunMetrics& metrics) { return score(metrics.slice).accuracy; }

// Of the main task, whose scores are `task`.
RunMetrics measure(const Predictions& predictions, const TaskMetrics& task);

// {"song": {"accuracy", ...}, "slice": {...}, "per_class": {name: {"precision", ...}}, "confusion": [[...]],
// ..., "tasks": {name: ...}}; docs/evaluation.md lists all names.
std::string to_json(const RunMetrics& metrics, const std::vector<TaskMetrics>& tasks = {});
// All but the tasks, the neighbours and the retrieval of each class. Throws MetricsError, naming `origin`,
// when the text is not what to_json() writes.
RunMetrics metrics_from_json(const std::string& text, const std::string& origin);

}  // namespace chorale::eval
