#include "eval/report/slice_lengths.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "eval/report/varied.hpp"
#include "eval/results/result_tables.hpp"

namespace chorale::eval {
namespace {

constexpr const char* kLength = "train.slice_seconds";
constexpr const char* kModel = "model.name";

double length_of(const Group& group) { return group.runs.front()->experiment.train.slice_seconds; }
const std::string& model_of(const Group& group) { return group.runs.front()->metrics.checkpoint.model; }

// Ascending; whole tracks (0), which are longest, at the end.
std::vector<double> lengths_of(const std::vector<const Group*>& groups) {
  std::set<double> lengths;
  for (const Group* group : groups) lengths.insert(length_of(*group));
  std::vector<double> sorted(lengths.begin(), lengths.end());
  if (sorted.front() == 0) std::rotate(sorted.begin(), sorted.begin() + 1, sorted.end());
  return sorted;
}

bool is_one_a_model_and_length(const std::vector<const Group*>& groups) {
  std::set<std::pair<std::string, double>> seen;
  return std::ranges::all_of(
      groups, [&](const Group* group) { return seen.emplace(model_of(*group), length_of(*group)).second; });
}

struct Row {
  std::string label;
  std::map<double, const Group*> of_length;
};

// What makes rows differ beside the model: "train.lr 0.01, train.patience 5" of the i-th experiment.
std::string other_keys(const std::vector<VariedKey>& varied, std::size_t i) {
  std::vector<std::string> parts;
  for (const VariedKey& one : varied) {
    if (one.key != kLength && one.key != kModel)
      parts.push_back(fmt::format("{} {}", one.key, text_of(value_cell(one.values[i]))));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<Row> rows_of(const std::vector<const Group*>& groups, bool by_model) {
  const auto varied = varied_keys(groups);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::string label = model_of(*groups[i]);
    if (const std::string other = other_keys(varied, i); !by_model && !other.empty())
      label += " (" + other + ")";
    auto row = std::ranges::find(rows, label, &Row::label);
    if (row != rows.end() && row->of_length.contains(length_of(*groups[i]))) {
      label = groups[i]->label;  // the same experiment on another store
      row = rows.end();
    }
    if (row == rows.end()) row = rows.insert(row, {label, {}});
    row->of_length.emplace(length_of(*groups[i]), groups[i]);
  }
  return rows;
}

// Keys beside the length that differ between experiments of one row.
std::set<std::string> mixed_keys(const std::vector<Row>& rows) {
  std::set<std::string> keys;
  for (const Row& row : rows) {
    std::vector<const Group*> groups;
    for (const auto& [length, group] : row.of_length) groups.push_back(group);
    for (const VariedKey& varied : varied_keys(groups)) keys.insert(varied.key);
  }
  keys.erase(kLength);
  return keys;
}

Cell epoch_cell(const Group& group) {
  std::vector<double> seconds;
  for (const Run* run : group.runs) {
    if (const auto of_run = seconds_per_epoch(*run)) seconds.push_back(*of_run);
  }
  return mean_std(seconds, 1);
}

}  // namespace

std::optional<Table> slice_lengths_table(const Comparable& experiments, const std::string& name) {
  const auto lengths = lengths_of(experiments.groups);
  if (lengths.size() < 2) return std::nullopt;
  Table table{.name = name,
              .caption = "Models and lengths of slices",
              .columns = {{"model", "model"}},
              .notes = {"Songs: by mean probability over their slices. Mean ± sample standard deviation over "
                        "runs that differ in seed or fold alone; s/epoch: mean over a run's epochs, on the "
                        "machine that trained it. –: not trained, or not timed."}};
  for (const double length : lengths) {
    const std::string key = length == 0 ? "whole" : fmt::format("{}s", length);
    const std::string group = length == 0 ? "whole tracks" : fmt::format("slices of {} s", length);
    table.columns.push_back({"slice_accuracy_" + key, "slice accuracy", group});
    table.columns.push_back({"song_accuracy_" + key, "song accuracy", group});
    table.columns.push_back({"seconds_per_epoch_" + key, "s/epoch", group});
  }
  const auto rows = rows_of(experiments.groups, is_one_a_model_and_length(experiments.groups));
  for (const Row& row : rows) {
    std::vector<Cell> cells = {row.label};
    for (const double length : lengths) {
      const auto found = row.of_length.find(length);
      if (found == row.of_length.end()) {
        cells.insert(cells.end(), 3, Cell());
        continue;
      }
      const Group& group = *found->second;
      cells.push_back(mean_std(group.values(slice_accuracy)));
      cells.push_back(mean_std(group.values(song_accuracy)));
      cells.push_back(epoch_cell(group));
    }
    table.add(std::move(cells));
  }
  if (const auto mixed = mixed_keys(rows); !mixed.empty())
    table.notes.push_back(fmt::format("In one row also differ: {}.", fmt::join(mixed, ", ")));
  for (const Group* group : experiments.groups)
    add_warning(table, group->label, group->runs.front()->metrics);
  return table;
}

}  // namespace chorale::eval
