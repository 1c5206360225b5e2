// One experiment, as plain structs with their defaults. Names, units, meanings, limits and which keys change
// a store's bytes are declared once, in schema.cpp; everything else (parsing, validation, reference, hash) is
// derived.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chorale::config {

enum class DatasetKind { kFolder, kGtzan, kFma, kManifest };
enum class GroupKind { kTrack, kArtist, kPattern };
enum class TaskKind { kSingle, kMulti, kRegression, kKey };
enum class Artists { kKeep, kIgnore };
enum class SplitKind { kOfficial, kStratified, kFolds, kFile };
enum class Channel { kMean, kLeft, kRight };
enum class Denoise { kNone, kStationary };
enum class StftScale { kMagnitude, kDb };
enum class StoreType { kHalf, kFloat };
enum class Reference { kOne, kMax };
enum class Normalisation { kNone, kTrackMinMax, kBinZScore };
enum class Norm { kBatch, kNone };
enum class Monitor { kLoss, kAccuracy };
enum class Precision { kFp32, kBf16 };
enum class Device { kAuto, kCpu, kCuda };
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

struct Model {
  std::string name = "cnn";
  std::vector<std::int64_t> channels = {32, 64, 128, 256};
  std::int64_t hidden = 512;
  double conv_dropout = 0.25;
  double dropout = 0.5;
  Norm norm = Norm::kBatch;
};

struct Train {
  std::string input = "mel";
  double slice_seconds = 3.0;
  double slice_overlap = 0.5;
  Reference reference = Reference::kMax;
  double top_db = 80.0;
  Normalisation normalisation = Normalisation::kBinZScore;
  std::int64_t epochs = 100;
  std::int64_t batch_size = 32;  // global, over all ranks
  std::int64_t seed = 0;
  double lr = 1e-4;
  double weight_decay = 0.0;
  std::int64_t patience = 15;
  Monitor monitor = Monitor::kLoss;
  std::int64_t checkpoint_every = 1;  // epochs
  double bucket_mib = 4.0;
  std::int64_t threads = 0;  // a rank; 0: cores / ranks on this node
  Precision precision = Precision::kFp32;
  Device device = Device::kAuto;
  Residency resident = Residency::kAuto;
};

struct Eval {
  Part part = Part::kTest;
  std::int64_t batch_size = 64;
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
