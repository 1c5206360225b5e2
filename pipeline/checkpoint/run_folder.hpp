// Where things lie in a run folder, and what a checkpoint holds besides tensors.
//   config.toml  history.csv  checkpoints/epoch-0012/{model,optimizer}.safetensors,state.json
//   checkpoints/best-0009/…  predictions.csv  metrics.json  tables/  figures/
// history.csv has a row an epoch: epoch, train_loss, train_accuracy, validation_loss, validation_accuracy, lr, seconds,
// samples_per_second (others may follow; columns are addressed by name).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/checkpoint/safetensors.hpp"
#include "pipeline/dataset/track.hpp"
#include "pipeline/samples/slices.hpp"

namespace chorale::checkpoint {

// state.json
struct State {
  std::string model;               // registered name
  std::int64_t epoch = 0;          // epochs completed
  std::int64_t step = 0;           // steps done in the epoch under way (0 at a boundary)
  std::int64_t global_step = 0;
  double loss_sum = 0;             // of the epoch under way
  std::int64_t loss_count = 0, correct = 0;
  double best_value = 0;           // of the monitored metric
  std::int64_t best_epoch = 0;     // 0: none yet
  std::int64_t epochs_since_best = 0;
  std::int64_t world_size = 1;
  double seconds = 0;              // trained so far, over all sessions
  std::string config;              // resolved TOML
  std::string store_hash;          // of the store it was trained on
  std::vector<dataset::Task> tasks;
  std::int64_t bins = 0, frames = 0;
  samples::Normaliser normaliser;

  std::string to_json() const;
  static State from_json(const std::string& text, const std::string& origin);  // throws CheckpointError
};

class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path dir) : dir_(std::move(dir)) {}
  const std::filesystem::path& dir() const { return dir_; }
  std::filesystem::path config() const { return dir_ / "config.toml"; }
  std::filesystem::path history() const { return dir_ / "history.csv"; }
  std::filesystem::path metrics() const { return dir_ / "metrics.json"; }
  std::filesystem::path predictions() const { return dir_ / "predictions.csv"; }
  std::filesystem::path tables() const { return dir_ / "tables"; }
  std::filesystem::path figures() const { return dir_ / "figures"; }

  // The newest complete checkpoint, and the best one; nothing when there is none.
  std::optional<std::filesystem::path> latest() const;
  std::optional<std::filesystem::path> best() const;

 private:
  std::filesystem::path dir_;
};

}  // namespace chorale::checkpoint
