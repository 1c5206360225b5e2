#include "eval/results/embedding_scores.hpp"

#include <nlohmann/json.hpp>

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json scores_json(const RetrievalScores& scores) {
  Json json = {{"queries", scores.queries}};
  for (std::size_t k = 0; k < kDepths.size(); ++k)
    json["precision_at_" + std::to_string(kDepths[k])] = optional_json(scores.precision[k]);
  json["mean_average_precision"] = optional_json(scores.mean_average_precision);
  json["chance"] = optional_json(scores.chance);
  return json;
}

}  // namespace

Json to_json(const EmbeddingScores& scores, const std::vector<std::string>& classes) {
  const SongSearch& search = scores.search;
  Json json = {{"songs", scores.songs},
               {"width", scores.width},
               {"same_class", scores_json(search.same_class)},
               {"same_class_other_artist", scores_json(search.same_class_other_artist)},
               {"same_artist", scores_json(search.same_artist)},
               {"per_class", Json::object()}};
  for (std::size_t c = 0; c < classes.size(); ++c) {
    json["per_class"][classes[c]] = {
        {"same_class", scores_json(search.class_of_query[c])},
        {"same_class_other_artist", scores_json(search.class_of_query_other_artist[c])}};
  }
  return json;
}

}  // namespace chorale::eval
