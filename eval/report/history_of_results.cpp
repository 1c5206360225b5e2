#include "eval/report/history_of_results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "eval/results/metrics_json.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::eval {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* kFile = "experiments.json";

std::optional<double> mean(const Group& group, double (*measure)(const RunMetrics&)) {
  if (!group.has_classes()) return std::nullopt;
  const auto values = group.values(measure);
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::optional<double> difference(std::optional<double> now, std::optional<double> before) {
  return now && before ? std::optional(*now - *before) : std::nullopt;
}

// For each experiment of `now` the one of `before` that it goes on from, or null: first by the same
// configuration, then by the same name. Each is taken once.
std::vector<const Outcome*> former_of(const std::vector<Outcome>& now, const std::vector<Outcome>& before) {
  std::vector<const Outcome*> former(now.size());
  std::set<const Outcome*> taken;
  for (const auto key : {&Outcome::config, &Outcome::label}) {
    for (std::size_t i = 0; i < now.size(); ++i) {
      const auto found = std::ranges::find_if(before, [&](const Outcome& other) {
        return other.part == now[i].part && other.*key == now[i].*key && !taken.contains(&other);
      });
      if (former[i] != nullptr || found == before.end()) continue;
      former[i] = &*found;
      taken.insert(&*found);
    }
  }
  return former;
}

std::string what_changed(const Outcome& before, const Outcome& now) {
  if (before.config == now.config) {
    return before.n_runs == now.n_runs
               ? "the same configuration"
               : fmt::format("the same configuration, {} runs, not {}", now.n_runs, before.n_runs);
  }
  return fmt::format("{}", fmt::join(config::differences(now.config, before.config), "; "));
}

}  // namespace

std::vector<Outcome> outcomes_of(const std::vector<Group>& groups) {
  std::vector<Outcome> outcomes;
  outcomes.reserve(groups.size());
  for (const Group& group : groups) {
    outcomes.push_back({.label = group.label,
                        .config = group.config,
                        .part = group.runs.front()->metrics.split.part,
                        .n_runs = static_cast<std::int64_t>(group.runs.size()),
                        .n_songs = group.n_songs(),
                        .song_accuracy = mean(group, song_accuracy),
                        .song_macro_f1 = mean(group, song_macro_f1)});
  }
  return outcomes;
}

std::string to_json(const std::vector<Outcome>& outcomes) {
  Json json = Json::array();
  for (const Outcome& one : outcomes) {
    json.push_back({{"label", one.label},
                    {"part", one.part},
                    {"n_runs", one.n_runs},
                    {"n_songs", one.n_songs},
                    {"song_accuracy", optional_json(one.song_accuracy)},
                    {"song_macro_f1", optional_json(one.song_macro_f1)},
                    {"config", one.config}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<Outcome> read_outcomes(const fs::path& folder) {
  const fs::path file = folder / kFile;
  if (!fs::exists(file)) {
    throw runtime::UsageError(fmt::format(
        "{}: no report to compare with, it has no {}; name a folder that chorale report -o has written",
        folder.string(), kFile));
  }
  try {
    std::vector<Outcome> outcomes;
    for (const Json& one : Json::parse(runtime::read_file(file))) {
      outcomes.push_back({.label = one.at("label"),
                          .config = one.at("config"),
                          .part = one.at("part"),
                          .n_runs = one.at("n_runs"),
                          .n_songs = one.at("n_songs"),
                          .song_accuracy = optional_from(one.at("song_accuracy")),
                          .song_macro_f1 = optional_from(one.at("song_macro_f1"))});
    }
    return outcomes;
  } catch (const Json::exception& error) {
    throw runtime::UsageError(fmt::format("{}: not what a report writes ({}); make that report again",
                                          file.string(), error.what()));
  }
}

Table changes_table(const std::vector<Outcome>& before, const std::vector<Outcome>& now) {
  Table table{.name = "changes",
              .caption = "Changes since the former report",
              .columns = {{"experiment", "experiment"},
                          {"song_accuracy_before", "song accuracy before"},
                          {"song_accuracy", "now"},
                          {"song_accuracy_difference", "difference"},
                          {"song_macro_f1_before", "macro F1 before"},
                          {"song_macro_f1", "now"},
                          {"change", "change"}}};
  const auto former = former_of(now, before);
  for (std::size_t i = 0; i < now.size(); ++i) {
    const Outcome& one = now[i];
    if (former[i] == nullptr) {
      table.add({one.label,
                 {},
                 optional_number(one.song_accuracy),
                 {},
                 {},
                 optional_number(one.song_macro_f1),
                 "new"});
      continue;
    }
    const Outcome& old = *former[i];
    table.add({one.label, optional_number(old.song_accuracy), optional_number(one.song_accuracy),
               optional_number(difference(one.song_accuracy, old.song_accuracy)),
               optional_number(old.song_macro_f1), optional_number(one.song_macro_f1),
               what_changed(old, one)});
  }
  for (const Outcome& old : before) {
    if (std::ranges::find(former, &old) != former.end()) continue;
    table.add({old.label,
               optional_number(old.song_accuracy),
               {},
               {},
               optional_number(old.song_macro_f1),
               {},
               "gone"});
  }
  return table;
}

}  // namespace chorale::eval
