#include "eval/explain/examples.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

namespace chorale::eval {
namespace {

bool is_multi(const Predictions& predictions) {
  return predictions.output.task.kind == config::TaskKind::kMulti;
}

bool has_class(const Predictions& predictions, std::size_t song, std::size_t index) {
  const dataset::Label& label = predictions.songs[song].label;
  if (!is_multi(predictions))
    return models::class_of(predictions.output, label) == static_cast<std::int64_t>(index);
  return std::ranges::find(label.classes, static_cast<std::int32_t>(index)) != label.classes.end();
}

void keep_surer(std::optional<Example>& best, const Example& example) {
  if (!best || example.probability > best->probability) best = example;
}

Example example(const Predictions& predictions, std::size_t slice, std::size_t predicted) {
  return {slice, predicted, predictions.slices.of(slice)[predicted]};
}

std::vector<std::size_t> largest_classes(const Predictions& predictions) {
  const auto count = static_cast<std::size_t>(predictions.output.count);
  std::vector<std::size_t> songs(count), order(count);
  for (std::size_t song = 0; song < predictions.songs.size(); ++song) {
    for (std::size_t c = 0; c < count; ++c) songs[c] += has_class(predictions, song, c) ? 1 : 0;
  }
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t c) { return songs[c]; });
  order.resize(std::min(count, kMostExplained));
  std::erase_if(order, [&](std::size_t c) { return songs[c] == 0; });
  std::ranges::sort(order);
  return order;
}

}  // namespace

std::vector<std::size_t> predicted_classes(const Predictions& predictions, std::size_t slice) {
  const auto probabilities = predictions.slices.of(slice);
  if (!is_multi(predictions)) return {static_cast<std::size_t>(argmax(probabilities))};
  std::vector<std::size_t> classes;
  for (std::size_t c = 0; c < probabilities.size(); ++c) {
    if (static_cast<double>(probabilities[c]) >= predictions.thresholds[c]) classes.push_back(c);
  }
  return classes;
}

std::vector<ExplainedClass> choose_examples(const Predictions& predictions) {
  std::vector<ExplainedClass> classes;
  for (const std::size_t c : largest_classes(predictions)) classes.push_back({c, {}, {}});
  for (std::size_t i = 0; i < predictions.slices.size(); ++i) {
    const auto said = predicted_classes(predictions, i);
    for (ExplainedClass& each : classes) {
      const bool has = has_class(predictions, predictions.slices.song[i], each.index);
      const bool is_said = std::ranges::find(said, each.index) != said.end();
      if (is_said && has) keep_surer(each.right, example(predictions, i, each.index));
      if (is_multi(predictions)) {
        if (is_said && !has) keep_surer(each.wrong, example(predictions, i, each.index));
      } else if (!is_said && has) {
        keep_surer(each.wrong, example(predictions, i, said.front()));
      }
    }
  }
  return classes;
}

std::vector<std::string> safe_names(const std::vector<std::string>& names) {
  constexpr std::size_t kLongest = 60;
  std::set<std::string> used;
  std::vector<std::string> result;
  for (const std::string& name : names) {
    std::string safe = name.substr(0, kLongest);
    std::ranges::replace_if(
        safe,
        [](char c) {
          return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                   c == '.');
        },
        '_');
    std::string unique = safe;
    for (int n = 2; !used.insert(unique).second; ++n) unique = safe + "_" + std::to_string(n);
    result.push_back(unique);
  }
  return result;
}

}  // namespace chorale::eval
