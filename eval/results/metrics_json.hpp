// Scores as they stand in metrics.json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pipeline/metrics/confusion.hpp"

namespace chorale::eval {

// {"song": {"accuracy", ..., "vote_accuracy", ...}, "slice": {...}, "per_class": {name: {...}}}, of songs by
// mean probability but for the votes.
nlohmann::ordered_json scores_json(const metrics::Confusion& song, const metrics::Confusion& vote,
                                   const metrics::Confusion& slice, const std::vector<std::string>& classes);
// [[...], ...], rows are true classes.
nlohmann::ordered_json confusion_json(const metrics::Confusion& confusion);

}  // namespace chorale::eval
