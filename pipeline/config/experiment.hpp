// One experiment, as plain structs with their defaults. Names, units, meanings, limits and which keys change
// a store's bytes are declared once, in schema.cpp; everything else (parsing, validation, reference, hash) is
// derived.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chorale::config {

enum class DatasetKind { kFolder, kGtzan, kFma, kManifest };
enum class GroupKind { kTrack, kArtist, kPattern };
enum class TaskKind { kSingle, kMulti, kRegression, kKey };
enum class Artists { kKeep, kIgnore };
enum class SplitBy { kGroup, kTrack, kSlice };
enum class SplitKind { kOfficial, kStratified, kFolds, kFile };
enum class Channel { kMean, kLeft, kRight };
enum class Denoise { kNone, kStationary };
enum class StftScale { kMagnitude, kDb };
enum class StoreType { kHalf, kFloat };
enum class Reference { kOne, kMax };
enum class Normalisation { kNone, kTrackMinMax, kBinZScore };
enum class Norm { kBatch, kNone };
enum class BatchNorm { kRank, kGlobal };
enum class Weighting { kNone, kBalanced };
enum class KeyClasses { kKeys, kTonic };
enum class Optimizer { kAdam, kAdamW, kSgd };
enum class Decay { kWeights, kAll };
enum class Schedule { kConstant, kPlateau, kCosine, kOneCycle, kStep };
enum class Precision { kFp32, kBf16 };
enum class Device { kAuto, kCpu, kCuda };
enum class CudaGraphs { kAuto, kOff };
enum class Residency { kAuto, kDevice, kHost, kStream };
enum class Part { kTrain, kValidation, kTest, kNone };

struct Dataset {
  DatasetKind kind = DatasetKind::kFolder;
  std::string root;
  std::string metadata;
  std::string subset;
  std::int64_t max_tracks = 0;  // 0: all
  GroupKind group = GroupKind::kTrack;
  std::string group_pattern;
  std::vector<std::pair<std::string, TaskKind>> tasks = {{"genre", TaskKind::kSingle}};
};

struct Split {
  SplitKind kind = SplitKind::kStratified;
  std::string file;
  std::int64_t folds = 5;
  std::int64_t fold = 1;  // 1 .. folds
  std::string fold_pattern;
  double validation = 0.15;
  double test = 0.15;
  Artists artists = Artists::kKeep;
  SplitBy by = SplitBy::kGroup;
  std::int64_t seed = 0;
};

struct Audio {
  std::int64_t sample_rate = 22050;
  Channel channel = Channel::kMean;
  double offset = 0.0;
  double duration = 0.0;  // 0: to the end
  std::int64_t max_file_mib = 2048;
  double max_seconds = 10800;
};

struct Clean {
  double trim_top_db = 0.0;  // 0: not trimmed
  Denoise denoise = Denoise::kNone;
};

// One variant of every track for each number.
struct Augment {
  std::vector<double> time_stretch, pitch_shift, noise, gain;
  std::int64_t seed = 0;
};

struct Stft {
  StftScale scale = StftScale::kDb;
};

struct Mel {
  std::int64_t n_mels = 128;
  double fmin = 0.0;
  double fmax = 0.0;  // 0: half the sample rate
};

struct Mfcc {
  std::int64_t n_mfcc = 20;
  std::int64_t deltas = 0;  // orders of differences stored beside them
};

struct Tempogram {
  std::int64_t win_length = 384;  // frames
};

struct Features {
  std::int64_t n_fft = 2048;
  std::int64_t hop_length = 512;
  Stft stft;
  Mel mel;
  Mfcc mfcc;
  Tempogram tempogram;
  std::vector<std::string> store = {"mel"};
};

struct Store {
  std::string path;
  std::int64_t tracks_per_shard = 64;
  StoreType dtype = StoreType::kHalf;
};

struct Run {
  std::string dir;
};

// Options that are set are those which the model takes: model_options.hpp.
struct Model {
  std::string name = "cnn";
  std::optional<std::vector<std::int64_t>> channels = {}, hidden = {};
  std::optional<double> conv_dropout = {};
  std::optional<std::vector<double>> dropout = {};  // beside hidden; one number serves all
  std::optional<Norm> norm = {};
  std::optional<std::int64_t> units = {}, layers = {};
  std::optional<double> rnn_dropout = {};
  std::optional<std::int64_t> input_channels = {};
  std::optional<std::int64_t> trees = {}, max_depth = {};
  std::optional<double> eta = {}, subsample = {}, colsample_bytree = {}, colsample_bynode = {};
  std::optional<double> min_child_weight = {}, lambda = {};
  std::optional<double> inverse_penalty = {};
  std::string initial_weights = {};
  std::optional<std::vector<std::string>> freeze = {};
};

// What is done to samples of the training part, anew in every epoch.
struct TrainAugment {
  std::int64_t time_masks = 0, time_mask_width = 20;
  std::int64_t frequency_masks = 0, frequency_mask_width = 20;
  double mixup = 0.0;   // alpha of Beta(alpha, alpha)
  double cutmix = 0.0;  // the same
  double crop = 0.0;    // fraction of a slice
  double gain = 0.0;    // dB
  double noise = 0.0;   // standard deviation
};

// A factor for each name.
using Factors = std::vector<std::pair<std::string, double>>;

struct Train {
  std::string input = "mel";
  std::string vector;          // empty: none
  double slice_seconds = 3.0;  // 0: whole tracks
  double slice_overlap = 0.5;
  Reference reference = Reference::kMax;
  double top_db = 80.0;
  Normalisation normalisation = Normalisation::kBinZScore;
  std::int64_t epochs = 100;
  std::int64_t batch_size = 32;  // global, over all ranks
  std::int64_t seed = 0;
  Factors task_weights;
  double label_smoothing = 0.0;
  Weighting class_weights = Weighting::kNone;
  double pos_weight_power = 0.0;  // 0: none
  double pos_weight_cap = 10.0;
  KeyClasses key_classes = KeyClasses::kKeys;
  TrainAugment augment;
  Optimizer optimizer = Optimizer::kAdam;
  double lr = 1e-4;
  double momentum = 0.9;
  double weight_decay = 0.0;
  Decay decay = Decay::kAll;
  Factors layer_lr;
  double clip_norm = 0.0;  // 0: none
  std::int64_t accumulate = 1;
  double ema = 0.0;  // 0: none
  Schedule schedule = Schedule::kConstant;
  std::int64_t warmup_epochs = 0;
  double min_lr = 0.0;
  double factor = 0.1;
  std::int64_t plateau_patience = 5;
  std::int64_t step_epochs = 30;
  BatchNorm batch_norm = BatchNorm::kRank;
  std::int64_t patience = 15;
  std::string monitor = "loss";
  std::int64_t checkpoint_every = 1;  // epochs
  std::int64_t keep_checkpoints = 2;
  double bucket_mib = 4.0;
  std::int64_t threads = 0;  // a rank; 0: cores / ranks on this node
  Precision precision = Precision::kFp32;
  Device device = Device::kAuto;
  CudaGraphs cuda_graphs = CudaGraphs::kAuto;
  Residency resident = Residency::kAuto;
};

struct Eval {
  Part part = Part::kTest;
  std::int64_t batch_size = 64;
  bool explain = false;
  bool embeddings = false;
};

struct Experiment {
  Dataset dataset;
  Split split;
  Audio audio;
  Clean clean;
  Augment augment;
  Features features;
  Store store;
  Run run;
  Model model;
  Train train;
  Eval eval;
};

}  // namespace chorale::config
