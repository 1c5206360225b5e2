// Scores as they stand in metrics.json.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "eval/metrics/significance.hpp"
#include "pipeline/metrics/confusion.hpp"

namespace chorale::eval {

// {"song": {"accuracy", ..., "vote_accuracy", ..., "accuracy_interval": [low, high], ...}, "slice": {...},
// "per_class": {name: {...}}}, of songs by mean probability but for the votes. A class without songs has no
// precision, recall and F1: null.
nlohmann::ordered_json scores_json(const metrics::Confusion& song, const metrics::Confusion& vote,
                                   const metrics::Confusion& slice, const ScoreIntervals& intervals,
                                   const std::vector<std::string>& classes);
// [[...], ...], rows are true classes.
nlohmann::ordered_json confusion_json(const metrics::Confusion& confusion);

// What can't be measured is null.
nlohmann::ordered_json optional_json(const std::optional<double>& value);
std::optional<double> optional_from(const nlohmann::ordered_json& json);

}  // namespace chorale::eval
