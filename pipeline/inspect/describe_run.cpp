#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/inspect/describe.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::inspect {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using checkpoint::RunFolder;
using checkpoint::State;

constexpr std::size_t kHistoryRows = 5;

std::string input_of(const State& state) {
  if (config::is_baseline(state.model))
    return state.vector.feature + ", " + std::to_string(state.vector.width()) + " columns";
  return std::to_string(state.bins) + " bins x " + std::to_string(state.frames) + " frames";
}

void add_state(Json& description, const State& state) {
  description["model"] = state.model;
  description["epochs_completed"] = state.epoch;
  if (state.step > 0) description["steps_of_the_next_epoch"] = state.step;
  description["steps"] = state.global_step;
  if (state.best_epoch > 0) {
    description["best_epoch"] = state.best_epoch;
    description["best_value"] = state.best_value;
  }
  description["ranks"] = state.world_size;
  description["seconds_trained"] = state.seconds;
  description["store_hash"] = state.store_hash;
  description["input"] = input_of(state);
  for (const auto& task : state.tasks) description["classes"][task.name] = task.classes;
}

// The last rows of history.csv, with those of timing.csv of the same epochs beside them.
Json history_tail(const RunFolder& run) {
  Json table = Json::array();
  if (!fs::exists(run.history())) return table;
  const auto learned = dataset::Csv::read(run.history());
  for (std::size_t row = learned.rows() - std::min(learned.rows(), kHistoryRows); row < learned.rows();
       ++row) {
    Json& epoch = table.emplace_back(Json::object());
    for (const char* column :
         {"epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "lr"}) {
      if (learned.has(column)) epoch[column] = learned.at(row, column);
    }
  }
  if (!fs::exists(run.timing())) return table;
  const auto timing = dataset::Csv::read(run.timing());
  for (std::size_t row = 0; row < timing.rows(); ++row) {
    const auto epoch = std::ranges::find_if(table, [&](const Json& known) {
      return timing.has("epoch") && known.value("epoch", "") == timing.at(row, "epoch");
    });
    if (epoch == table.end()) continue;
    for (const char* column : {"seconds", "samples_per_second"}) {
      if (timing.has(column)) (*epoch)[column] = timing.at(row, column);
    }
  }
  return table;
}

// The members of metrics.json that sum it up.
Json metrics_summary(const fs::path& path) {
  const Json metrics = Json::parse(runtime::read_file(path), nullptr, false);
  if (!metrics.is_object())
    throw runtime::Error(path.string() + ": is not a JSON object; run chorale eval again");
  Json summary;
  for (const char* name : {"split", "n_songs", "n_slices"}) {
    if (metrics.contains(name) && metrics[name].is_primitive()) summary[name] = metrics[name];
  }
  for (const char* level : {"song", "slice"}) {
    if (!metrics.contains(level)) continue;
    for (const auto& [name, value] : metrics[level].items()) {
      if (value.is_number()) summary[std::string(level) + "." + name] = value;
    }
  }
  return summary;
}

// layers.json: the table, with shapes as text.
void add_layers(Json& description, const fs::path& path) {
  Json table = Json::parse(runtime::read_file(path), nullptr, false);
  if (!table.is_object() || !table.contains("layers")) {
    throw runtime::Error(path.string() + ": is not a layer table; chorale train writes it again");
  }
  for (const char* name : {"parameters", "multiply_adds"}) description[name] = table[name];
  for (Json& layer : table["layers"]) {
    std::string shape;
    for (const Json& extent : layer["output"]) shape += (shape.empty() ? "" : " x ") + extent.dump();
    layer["output"] = shape;
  }
  description["layers"] = std::move(table["layers"]);
}

}  // namespace

Json describe_run(const fs::path& path) {
  const RunFolder run(path);
  Json description = {{"kind", "run"}, {"path", path.string()}};
  if (const auto latest = run.latest()) {
    description["latest_checkpoint"] = latest->filename().string();
    if (const auto best = run.best()) description["best_checkpoint"] = best->filename().string();
    add_state(description, checkpoint::read_state(*latest));
  } else {
    description["next"] = "no checkpoint yet: run chorale train again";
  }
  if (fs::exists(run.layers())) add_layers(description, run.layers());
  if (fs::exists(run.history())) description["history"] = history_tail(run);
  if (fs::exists(run.metrics())) description["metrics"] = metrics_summary(run.metrics());
  if (fs::exists(run.config())) description["config"] = runtime::read_file(run.config());
  return description;
}

Json describe_checkpoint(const fs::path& path) {
  Json description = {{"kind", "checkpoint"}, {"path", path.string()}};
  const State state = checkpoint::read_state(path);
  add_state(description, state);
  if (fs::exists(path / checkpoint::kBoosterFile)) {
    description["model_file"] = std::string(checkpoint::kBoosterFile) + ", trees of XGBoost";
    description["bytes"] = fs::file_size(path / checkpoint::kBoosterFile);
  } else {
    const Json model = describe_tensors(path / checkpoint::kModelFile);
    description["numbers"] = model["numbers"];
    description["tensors"] = model["tensors"];
  }
  description["config"] = state.config;
  return description;
}

Json describe_tensors(const fs::path& path) {
  const checkpoint::SafetensorsFile file(path);
  Json table = Json::array();
  std::int64_t total = 0;
  for (const auto& [name, tensor] : file.tensors()) {
    std::int64_t count = 1;
    std::string shape;
    for (const auto extent : tensor.shape) {
      count *= extent;
      shape += (shape.empty() ? "" : " x ") + std::to_string(extent);
    }
    total += count;
    table.push_back({{"name", name}, {"type", tensor.dtype}, {"shape", shape}, {"numbers", count}});
  }
  return {{"kind", "tensors"}, {"path", path.string()}, {"numbers", total}, {"tensors", std::move(table)}};
}

}  // namespace chorale::inspect
