#include "eval/results/metrics_json.hpp"

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;

Json level_json(const metrics::Scores& scores) {
  return {{"accuracy", scores.accuracy},
          {"balanced_accuracy", scores.balanced_accuracy},
          {"macro_precision", scores.macro_precision},
          {"macro_recall", scores.macro_recall},
          {"macro_f1", scores.macro_f1},
          {"weighted_f1", scores.weighted_f1}};
}

Json per_class_json(const metrics::Scores& scores, const std::vector<std::string>& classes) {
  Json json = Json::object();
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const metrics::ClassScore& one = scores.per_class[c];
    const auto defined = [&](double value) { return one.support > 0 ? Json(value) : Json(); };
    json[classes[c]] = {{"precision", defined(one.precision)},
                        {"recall", defined(one.recall)},
                        {"f1", defined(one.f1)},
                        {"support", one.support}};
  }
  return json;
}

}  // namespace

Json scores_json(const metrics::Confusion& song, const metrics::Confusion& vote,
                 const metrics::Confusion& slice, const ScoreIntervals& intervals,
                 const std::vector<std::string>& classes) {
  const metrics::Scores by_mean = score(song);
  Json songs = level_json(by_mean);
  const Json votes = level_json(score(vote));
  for (const auto& [name, value] : votes.items()) songs["vote_" + name] = value;
  songs["accuracy_interval"] = {intervals.accuracy.low, intervals.accuracy.high};
  songs["balanced_accuracy_interval"] = {intervals.balanced_accuracy.low, intervals.balanced_accuracy.high};
  songs["macro_f1_interval"] = {intervals.macro_f1.low, intervals.macro_f1.high};
  return {{"song", std::move(songs)},
          {"slice", level_json(score(slice))},
          {"per_class", per_class_json(by_mean, classes)}};
}

Json confusion_json(const metrics::Confusion& confusion) {
  Json rows = Json::array();
  for (std::size_t truth = 0; truth < confusion.classes(); ++truth) {
    Json row = Json::array();
    for (std::size_t predicted = 0; predicted < confusion.classes(); ++predicted)
      row.push_back(confusion.at(truth, predicted));
    rows.push_back(std::move(row));
  }
  return rows;
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::optional<double> optional_from(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

}  // namespace chorale::eval
