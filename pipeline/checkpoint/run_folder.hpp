// Where things lie in a run folder, and what a checkpoint holds besides tensors.
//   config.toml  environment.json  layers.json  history.csv  timing.csv
//   checkpoints/epoch-0012/{model,optimizer}.safetensors,state.json
//   checkpoints/best-0009/…  predictions.csv  songs.csv  metrics.json  tables/  figures/
//   embeddings.npy  song_embeddings.npy  neighbours.csv
// history.csv and timing.csv have a row an epoch; columns are addressed by name. A run stopped at step
// 120 of its 13th epoch leaves checkpoints/epoch-0012-s000120, newer than epoch-0012. A checkpoint folder is
// renamed into place when it is complete, so one that is there can be read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/checkpoint/safetensors.hpp"
#include "pipeline/dataset/track.hpp"
#include "pipeline/models/outputs.hpp"
#include "pipeline/samples/normaliser.hpp"
#include "pipeline/samples/vectors.hpp"

namespace chorale::checkpoint {

// How far a plateau schedule has reduced the learning rate.
struct Plateau {
  double scale = 1.0;                                      // of the configured rate
  double best = std::numeric_limits<double>::quiet_NaN();  // of the monitored metric; NaN: none yet
  std::int64_t bad_epochs = 0;
};

// state.json
struct State {
  std::string model;       // registered name
  std::int64_t epoch = 0;  // epochs completed
  std::int64_t step = 0;   // steps done in the epoch under way (0 at a boundary)
  std::int64_t global_step = 0;
  double loss_sum = 0;  // of the epoch under way
  std::int64_t loss_count = 0, correct = 0;
  double best_value = 0;        // of the monitored metric
  std::int64_t best_epoch = 0;  // 0: none yet
  std::int64_t epochs_since_best = 0;
  Plateau plateau;
  std::int64_t world_size = 1;
  double seconds = 0;      // trained so far, over all sessions
  std::string config;      // resolved TOML
  std::string store_hash;  // of the store it was trained on
  std::string split_hash;  // samples::split_hash
  std::vector<dataset::Task> tasks;
  std::vector<models::Decoding> decodings;  // one a task; thresholds are of the best epoch
  std::int64_t bins = 0, frames = 0;
  samples::Normaliser normaliser;
  samples::VectorEncoder vector;  // of train.vector

  std::string to_json() const;
  static State from_json(const std::string& text, const std::string& origin);  // throws CheckpointError
};

class RunFolder {
 public:
  // `keep`: epoch checkpoints that stay when a newer one is written, which is one of them.
  explicit RunFolder(std::filesystem::path dir, std::size_t keep = 2) : dir_(std::move(dir)), keep_(keep) {}
  const std::filesystem::path& dir() const { return dir_; }
  std::size_t keep() const { return keep_; }
  std::filesystem::path config() const { return dir_ / "config.toml"; }
  std::filesystem::path history() const { return dir_ / "history.csv"; }
  std::filesystem::path timing() const { return dir_ / "timing.csv"; }
  std::filesystem::path layers() const { return dir_ / "layers.json"; }
  std::filesystem::path metrics() const { return dir_ / "metrics.json"; }
  std::filesystem::path environment() const { return dir_ / "environment.json"; }
  std::filesystem::path predictions() const { return dir_ / "predictions.csv"; }
  std::filesystem::path songs() const { return dir_ / "songs.csv"; }
  std::filesystem::path neighbours() const { return dir_ / "neighbours.csv"; }
  std::filesystem::path embeddings() const { return dir_ / "embeddings.npy"; }
  std::filesystem::path song_embeddings() const { return dir_ / "song_embeddings.npy"; }
  std::filesystem::path tables() const { return dir_ / "tables"; }
  std::filesystem::path figures() const { return dir_ / "figures"; }

  std::filesystem::path checkpoints() const { return dir_ / "checkpoints"; }

  // The newest undamaged checkpoint, and the best undamaged one (by the newest one's state where that is
  // there); nothing when there is none at all. Damaged ones are passed over with a warning. Throw
  // CheckpointError when all are damaged.
  std::optional<std::filesystem::path> latest() const;
  std::optional<std::filesystem::path> best() const;

 private:
  std::filesystem::path dir_;
  std::size_t keep_;
};

// The files of a checkpoint folder.
inline constexpr const char* kModelFile = "model.safetensors";
inline constexpr const char* kOptimizerFile = "optimizer.safetensors";
inline constexpr const char* kBoosterFile = "model.ubj";  // instead of the two, of trees
inline constexpr const char* kStateFile = "state.json";
inline constexpr const char* kChecksumFile = "checksums.txt";  // of the others: xxh3 and name, a line each

// What is wrong with the files of a checkpoint: nothing when all are as they were written, else "state.json
// is missing" or the like.
std::optional<std::string> damage(const std::filesystem::path& checkpoint);

// Throws CheckpointError: unreadable, or not a state.
State read_state(const std::filesystem::path& checkpoint);

enum class CheckpointKind { kEpoch, kBest };

// Writes one checkpoint, whole or not at all, and returns its folder. Where an epoch has both, write kBest
// first: the former best stays until an epoch's checkpoint names the new one, so a kill between the two loses
// nothing. An undamaged kEpoch checkpoint of the same epoch and step that is already there is kept: the run
// continued from it. Then all but run.keep() kEpoch checkpoints, and all but the best one, are removed. An
// empty `optimizer` writes no file. One process at a time; under MPI, rank 0. Throws CheckpointError or
// runtime::FileError (disk full), and leaves the former checkpoints.
std::filesystem::path write_checkpoint(const RunFolder& run, CheckpointKind kind, const State& state,
                                       const std::map<std::string, TensorView>& model,
                                       const std::map<std::string, TensorView>& optimizer);

// The same of a model that writes its files itself, of the names above, into the folder that it is given.
std::filesystem::path write_checkpoint(const RunFolder& run, CheckpointKind kind, const State& state,
                                       const std::function<void(const std::filesystem::path&)>& write_model);

}  // namespace chorale::checkpoint
