// The scores of one task, of any kind.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "eval/metrics/calibration.hpp"
#include "eval/metrics/significance.hpp"
#include "eval/metrics/songs.hpp"
#include "eval/results/predictions.hpp"
#include "pipeline/metrics/confusion.hpp"
#include "pipeline/metrics/multi_label.hpp"
#include "pipeline/metrics/tempo.hpp"

namespace chorale::eval {

// Songs are judged by the mean of their slices.
struct TaskMetrics {
  // What probabilities say beyond the class that is highest.
  struct Ranking {
    metrics::MultiLabelScores against_rest = {};  // each class against all others, at a threshold of 0.5
    Calibration calibration = {};
    std::vector<double> top_k = {};        // accuracy within the k most probable classes, from k = 1
    std::optional<double> key_score = {};  // key of 24 classes: MIREX weighted score
  };

  models::Output output = {};
  std::int64_t n_songs = 0, n_slices = 0;  // with a label of the task

  // single, key
  struct Classes {
    metrics::Confusion song, vote, slice;
    ScoreIntervals intervals = {};  // of songs
    Ranking songs = {};
    std::optional<Ranking> slices = {};  // of a million at most: all have to be sorted
  };
  std::optional<Classes> classes = {};
  // multi
  struct Labels {
    std::vector<double> thresholds;
    metrics::MultiLabelScores song, slice;
  };
  std::optional<Labels> labels = {};
  // regression
  struct Values {
    metrics::TempoScores song, slice;
  };
  std::optional<Values> values = {};
};

TaskMetrics measure_task(const Predictions& predictions, const std::vector<Song>& songs);

// A section of metrics.json, docs/evaluation.md lists its names. What can't be measured is null.
nlohmann::ordered_json to_json(const TaskMetrics& metrics);

}  // namespace chorale::eval
