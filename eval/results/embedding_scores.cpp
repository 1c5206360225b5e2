#include "eval/results/embedding_scores.hpp"

#include "eval/results/metrics_json.hpp"

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;

Json scores_json(const RetrievalScores& scores) {
  Json json = {{"queries", scores.queries}};
  for (std::size_t k = 0; k < kDepths.size(); ++k)
    json["precision_at_" + std::to_string(kDepths[k])] = optional_json(scores.precision[k]);
  json["mean_average_precision"] = optional_json(scores.mean_average_precision);
  json["chance"] = optional_json(scores.chance);
  return json;
}

RetrievalScores scores_from(const Json& json) {
  RetrievalScores scores;
  scores.queries = json.at("queries");
  for (std::size_t k = 0; k < kDepths.size(); ++k)
    scores.precision[k] = optional_from(json.at("precision_at_" + std::to_string(kDepths[k])));
  scores.mean_average_precision = optional_from(json.at("mean_average_precision"));
  scores.chance = optional_from(json.at("chance"));
  return scores;
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

EmbeddingScores embedding_from_json(const Json& json) {
  return {.songs = json.at("songs"),
          .width = json.at("width"),
          .search = {.neighbours = {},
                     .same_class = scores_from(json.at("same_class")),
                     .same_class_other_artist = scores_from(json.at("same_class_other_artist")),
                     .same_artist = scores_from(json.at("same_artist")),
                     .class_of_query = {},
                     .class_of_query_other_artist = {}}};
}

}  // namespace chorale::eval
