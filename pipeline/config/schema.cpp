#include "pipeline/config/schema.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>

#include "pipeline/config/model_options.hpp"

namespace chorale::config {
namespace {

// What a declaration says about a key beyond its path and type.
struct About {
  std::string meaning;
  std::string unit = {};
  Limits limits = {};
  std::vector<std::string> choices = {};  // default: all names of the enumeration
  bool changes_store = false;
  std::vector<Stage> required_by = {};
};

// The type of a value that is set.
template <class T>
struct Set {
  using Value = T;
};
template <class T>
struct Set<std::optional<T>> {
  using Value = T;
};

template <class Field>
Key make_key(std::string path, Field field, About about) {
  using Member = std::remove_cvref_t<decltype(field(std::declval<Experiment&>()))>;
  using Value = typename Set<Member>::Value;
  if constexpr (NamedEnum<Value>) {
    if (about.choices.empty()) about.choices = all_names<Value>();
  }
  const Allowed allowed{about.limits, about.choices};
  return {.path = std::move(path),
          .type = type_name(Value{}),
          .unit = about.unit,
          .meaning = about.meaning,
          .allowed = allowed,
          .changes_store = about.changes_store,
          .required_by = about.required_by,
          .read = [=](const toml::node& node, Experiment& e) { config::read(node, allowed, field(e)); },
          .format = [=](const Experiment& e) { return config::format(field(e)); }};
}

// A key that is called as its member, and one that is not.
#define KEY(member, ...) KEY_AS(#member, member, __VA_ARGS__)
#define KEY_AS(path, member, ...) \
  make_key(                       \
      path, [](auto& e) -> auto& { return e.member; }, About{__VA_ARGS__})

std::vector<Key> declare() {
  return {
      KEY(dataset.kind,
          .meaning =
              "How the collection is laid out: folder (the class is the first folder of a file's path), "
              "gtzan "
              "(<genre>/<genre>.000NN.wav or .au, also below genres or genres_original), fma, manifest "
              "(CSV or JSON).",
          .changes_store = true),
      KEY(dataset.root,
          .meaning = "The audio files: a folder, a .zip or a .tar; or a manifest, whose paths are then "
                     "relative to its folder.",
          .required_by = {Stage::kIngest}),
      KEY(dataset.metadata,
          .meaning = "What the collection says about its tracks. fma: the folder or archive of tracks.csv "
                     "and genres.csv; "
                     "manifest: the manifest (.csv, .json, .jsonl); else a CSV file with a column artist and "
                     "one of path, "
                     "filename, id, or a folder that holds it as ground_truth.csv or metadata.csv."),
      KEY(dataset.subset, .meaning = "FMA subset: small, medium, large, full. Needed with kind = \"fma\".",
          .changes_store = true),
      KEY(dataset.max_tracks,
          .meaning = "Take only so many tracks, of each class its share, always the same ones. 0: all.",
          .unit = "tracks", .limits = at_least(0), .changes_store = true),
      KEY(dataset.group,
          .meaning =
              "What must not straddle training, validation and test: track, artist (from the metadata or the "
              "file's tags), pattern (read from the path by dataset.group_pattern).",
          .changes_store = true),
      KEY(dataset.group_pattern,
          .meaning =
              "Regular expression (ECMAScript) searched in the path relative to dataset.root; its first "
              "capture is the group. Used with group = \"pattern\".",
          .changes_store = true),
      KEY(dataset.tasks,
          .meaning = "Label columns and the kind of each: single (one class), multi (any number), regression "
                     "(a number), key (one of 24).",
          .choices = all_names<TaskKind>(), .changes_store = true),

      KEY(split.kind,
          .meaning =
              "How tracks are dealt out, always whole groups: official (the collection's own), stratified "
              "(each class keeps the fractions), folds (cross-validation), file (a CSV)."),
      KEY(split.file,
          .meaning = "CSV with columns path (or id, or track) and part. Used with kind = \"file\"."),
      KEY(split.folds, .meaning = "Number of folds.", .limits = at_least(2)),
      KEY(split.fold, .meaning = "The fold that is the test part, 1 to split.folds.", .limits = at_least(1)),
      KEY(split.fold_pattern,
          .meaning =
              "Regular expression (ECMAScript) searched in the path; its first capture is the fold's number. "
              "Empty: groups are dealt into folds, stratified. Used with kind = \"folds\"."),
      KEY(split.validation, .meaning = "Fraction of the tracks for validation.", .limits = fraction()),
      KEY(split.test, .meaning = "Fraction of the tracks for test. Used with kind = \"stratified\".",
          .limits = fraction()),
      KEY(split.artists,
          .meaning =
              "keep: a random split of gtzan or fma that puts songs of one artist into training and test is "
              "refused. ignore: it is made, and every table of results carries a warning."),
      KEY(split.by,
          .meaning =
              "What is dealt out as a whole: group (dataset.group). To show what a leak is worth, with a "
              "warning "
              "in every table of results: track (a group's tracks come into several parts), slice (even a "
              "track's slices do); with kind = \"stratified\" or \"folds\" without a pattern."),
      KEY(split.seed, .meaning = "Seed of the dealing.", .limits = at_least(0)),

      KEY(audio.sample_rate, .meaning = "Rate that audio is resampled to (soxr HQ), after mixing to mono.",
          .unit = "Hz", .limits = between(1000, 384000), .changes_store = true),
      KEY(audio.channel,
          .meaning = "What becomes of several channels: mean of all, left (the first), right (the second).",
          .changes_store = true),
      KEY(audio.offset, .meaning = "Leave out so much of the beginning of each recording.", .unit = "s",
          .limits = between(0, 1e7), .changes_store = true),
      KEY(audio.duration, .meaning = "Use at most so much of each recording. 0: all of it.", .unit = "s",
          .limits = between(0, 1e7), .changes_store = true),
      KEY(audio.max_file_mib,
          .meaning = "Largest size of one file, uncompressed where it lies in an archive. A larger one is "
                     "quarantined.",
          .unit = "MiB", .limits = between(1, 1 << 20), .changes_store = true),
      KEY(audio.max_seconds, .meaning = "Longest recording. A longer one is quarantined.", .unit = "s",
          .limits = between(0.001, 1e7), .changes_store = true),

      KEY(clean.trim_top_db,
          .meaning = "Cut off the beginning and the end where they are so much quieter than the loudest "
                     "frame (librosa.effects.trim). 0: no trimming.",
          .unit = "dB", .limits = at_least(0), .changes_store = true),
      KEY(clean.denoise,
          .meaning = "Noise reduction: none, stationary (spectral gating, as the package noisereduce).",
          .changes_store = true),

      KEY(augment.time_stretch,
          .meaning = "Rates, above 1 is faster: a variant of every track for each, used in training alone.",
          .limits = between(0.1, 10), .changes_store = true),
      KEY(augment.pitch_shift, .meaning = "Shifts of pitch: a variant for each.", .unit = "semitones",
          .limits = between(-48, 48), .changes_store = true),
      KEY(augment.noise, .meaning = "Signal-to-noise ratios of added white noise: a variant for each.",
          .unit = "dB", .limits = between(-40, 120), .changes_store = true),
      KEY(augment.gain, .meaning = "Gains: a variant for each.", .unit = "dB", .limits = between(-80, 80),
          .changes_store = true),
      KEY(augment.seed, .meaning = "Seed of added noise.", .limits = at_least(0), .changes_store = true),

      KEY(features.n_fft, .meaning = "Length of the transform and of its Hann window.", .unit = "samples",
          .limits = between(16, 65536), .changes_store = true),
      KEY(features.hop_length, .meaning = "Distance from one frame to the next.", .unit = "samples",
          .limits = at_least(1), .changes_store = true),
      KEY(features.store,
          .meaning =
              "What to store, of every frame: stft, mel, mfcc, chroma_stft, chroma_cqt, chroma_cens, "
              "spectral_contrast, tonnetz, tempogram; of every track: features_103, features_518, estimates "
              "(tempo and key); as lists of times: beats, onsets.",
          .choices = {"stft", "mel", "mfcc", "chroma_stft", "chroma_cqt", "chroma_cens", "spectral_contrast",
                      "tonnetz", "tempogram", "features_103", "features_518", "estimates", "beats", "onsets"},
          .changes_store = true),

      KEY(features.stft.scale, .meaning = "What is stored of the transform: magnitude, db (of the power).",
          .changes_store = true),

      KEY(features.mel.n_mels, .meaning = "Number of mel bands (Slaney).", .unit = "bands",
          .limits = between(1, 4096), .changes_store = true),
      KEY(features.mel.fmin, .meaning = "Lowest frequency.", .unit = "Hz", .limits = at_least(0),
          .changes_store = true),
      KEY(features.mel.fmax, .meaning = "Highest frequency. 0: half the sample rate.", .unit = "Hz",
          .limits = at_least(0), .changes_store = true),

      KEY(features.mfcc.n_mfcc, .meaning = "Number of cepstral coefficients.", .limits = at_least(1),
          .changes_store = true),
      KEY(features.mfcc.deltas,
          .meaning = "Differences in time stored beside the coefficients: 0 none, 1 first, 2 first and "
                     "second.",
          .unit = "orders", .limits = between(0, 2), .changes_store = true),

      KEY(features.tempogram.win_length, .meaning = "Length of the autocorrelation's window.",
          .unit = "frames", .limits = between(2, 8192), .changes_store = true),

      KEY(store.path, .meaning = "The folder of the store.", .required_by = {Stage::kIngest, Stage::kTrain}),
      KEY(store.tracks_per_shard,
          .meaning = "Tracks in one shard: the unit of work, of restart and of writing.", .unit = "tracks",
          .limits = at_least(1), .changes_store = true),
      KEY(store.dtype, .meaning = "Type of stored features: f16 (IEEE half), f32.", .changes_store = true),

      KEY(run.dir, .meaning = "The run folder.", .required_by = {Stage::kTrain}),

      KEY(model.name, .meaning = "The model; chorale train --list-models describes them.",
          .choices = model_names()),
      KEY(model.channels, .meaning = "Output channels of each convolution block or stage.",
          .limits = at_least(1)),
      KEY(model.hidden, .meaning = "Widths of the hidden layers of the classifier.", .limits = at_least(1)),
      KEY(model.conv_dropout, .meaning = "Dropout after each convolution block.", .limits = fraction()),
      KEY(model.dropout, .meaning = "Dropout of the classifier: one number, or one for each hidden layer.",
          .limits = fraction()),
      KEY(model.norm, .meaning = "Normalisation in the convolution blocks."),
      KEY(model.units, .meaning = "Width of a recurrent layer, in each direction.", .limits = at_least(1)),
      KEY(model.layers, .meaning = "Number of recurrent layers.", .limits = at_least(1)),
      KEY(model.rnn_dropout, .meaning = "Dropout between recurrent layers.", .limits = fraction()),
      KEY(model.input_channels,
          .meaning =
              "Channels of the first convolution. 3: the input is repeated, for weights of colour images.",
          .limits = between(1, 3)),
      KEY(model.trees,
          .meaning =
              "Trees of a random forest; most rounds of boosting, each of a tree a class. Every tree of "
              "a forest is one a class, too.",
          .limits = between(1, 1'000'000)),
      KEY(model.max_depth, .meaning = "Deepest that a tree may be.", .limits = between(1, 100)),
      KEY(model.eta, .meaning = "What each round of boosting is multiplied by: its learning rate.",
          .limits = between(1e-6, 1)),
      KEY(model.subsample, .meaning = "Part of the tracks that each tree is grown on, drawn anew for each.",
          .limits = between(1e-6, 1)),
      KEY(model.colsample_bytree, .meaning = "Part of the columns that a tree may use.",
          .limits = between(1e-6, 1)),
      KEY(model.colsample_bynode, .meaning = "Part of the columns that a split is chosen from.",
          .limits = between(1e-6, 1)),
      KEY(model.min_child_weight,
          .meaning = "Least sum of second derivatives of the loss in a leaf, 2 p (1 - p) a track.",
          .limits = at_least(0)),
      KEY(model.lambda, .meaning = "L2 penalty of the leaves.", .limits = at_least(0)),
      KEY_AS("model.C", model.inverse_penalty,
             .meaning =
                 "Inverse of the L2 penalty, as scikit-learn's: |weights|^2 / (2 C) is added to the sum "
                 "of the tracks' losses.",
             .limits = between(1e-9, 1e9)),
      KEY(model.initial_weights,
          .meaning =
              "Begin with these weights: a run folder (its best checkpoint) or a .safetensors file. The "
              "last layer may differ. Empty: random ones."),
      KEY(model.freeze, .meaning = "Parameters whose names begin so are not trained."),

      KEY(train.input, .meaning = "The representation to train on, one of features.store with frames."),
      KEY(train.vector,
          .meaning =
              "A feature of whole tracks that the model gets beside it, such as features_103. Empty: none."),
      KEY(train.slice_seconds,
          .meaning =
              "Length of a slice of a track, the network's input. 0: whole tracks, padded to the longest "
              "of a batch.",
          .unit = "s", .limits = at_least(0)),
      KEY(train.slice_overlap, .meaning = "Overlap of consecutive slices, as a fraction of their length.",
          .limits = fraction()),
      KEY_AS("train.db_reference", train.reference,
             .meaning = "Reference of the decibels: one (power 1), max (the track's maximum)."),
      KEY(train.top_db, .meaning = "Decibels more than this below the track's maximum are raised to it.",
          .unit = "dB", .limits = above(0)),
      KEY_AS("train.normalize", train.normalisation,
             .meaning =
                 "What follows: none, track_minmax (each track to 0..1), bin_zscore (each band by mean and "
                 "deviation of the training part)."),
      KEY(train.epochs, .meaning = "Most epochs to train.", .limits = at_least(1)),
      KEY(train.batch_size, .meaning = "Global batch size, over all ranks.", .unit = "slices",
          .limits = at_least(1)),
      KEY(train.seed, .meaning = "Seed of weights, order of samples and dropout.", .limits = at_least(0)),
      KEY(train.task_weights, .meaning = "Factors of the tasks' losses; 1 where not named.",
          .limits = at_least(0)),
      KEY(train.label_smoothing, .meaning = "Share of a label that is spread over all classes.",
          .limits = fraction()),
      KEY(train.class_weights,
          .meaning =
              "Weights of the classes in the loss: none, balanced (inverse to their number in training)."),
      KEY(train.pos_weight_power,
          .meaning =
              "Tasks of kind multi: a positive label weighs (negatives / positives) to this power. 0: 1.",
          .limits = between(0, 2)),
      KEY(train.pos_weight_cap, .meaning = "The most that a positive label weighs.", .limits = at_least(1)),
      KEY(train.key_classes, .meaning = "Tasks of kind key: all 24 keys, or their 12 tonics."),

      KEY(train.optimizer, .meaning = "The optimiser."),
      KEY(train.lr, .meaning = "Learning rate; with a schedule the largest one.", .limits = above(0)),
      KEY(train.momentum, .meaning = "Momentum of sgd.", .limits = fraction()),
      KEY(train.weight_decay,
          .meaning = "Weight decay: added to the gradient (adam, sgd), or apart from it (adamw).",
          .limits = at_least(0)),
      KEY(train.decay, .meaning = "What decays: weights (not biases and normalisation), all parameters."),
      KEY(train.layer_lr,
          .meaning =
              "Factors of the learning rate for parameters whose names begin so; the longest name decides.",
          .limits = above(0)),
      KEY(train.clip_norm, .meaning = "Longest gradient (L2 norm over all parameters). 0: any.",
          .limits = at_least(0)),
      KEY(train.accumulate, .meaning = "Parts in which a batch is worked off, to save memory.",
          .unit = "parts", .limits = at_least(1)),
      KEY(train.ema,
          .meaning = "Decay of an average of the weights, which is then evaluated instead of them. 0: none.",
          .limits = fraction()),
      KEY(train.schedule,
          .meaning =
              "Course of the learning rate: constant; plateau (times train.factor when the monitored value "
              "stands still), cosine, one_cycle, step (times train.factor every train.step_epochs)."),
      KEY(train.warmup_epochs,
          .meaning = "The rate rises linearly during these. With constant, cosine and step.",
          .unit = "epochs", .limits = at_least(0)),
      KEY(train.min_lr, .meaning = "Smallest learning rate of plateau and cosine.", .limits = at_least(0)),
      KEY(train.factor, .meaning = "Factor of plateau and step.", .limits = between(1e-6, 1)),
      KEY(train.plateau_patience, .meaning = "Epochs without a better value before plateau lowers the rate.",
          .unit = "epochs", .limits = at_least(0)),
      KEY(train.step_epochs, .meaning = "Epochs from one step to the next.", .unit = "epochs",
          .limits = at_least(1)),
      KEY(train.batch_norm,
          .meaning =
              "What batch normalisation takes its statistics from: the rank's own part of the batch, or "
              "the global batch."),
      KEY(train.patience, .meaning = "Stop after so many epochs without a better validation value. 0: never.",
          .unit = "epochs", .limits = at_least(0)),
      KEY(train.monitor,
          .meaning =
              "The validation value that decides which epoch is best and when patience ends: loss (mean of "
              "slices), accuracy (of songs, by the mean probability of their slices), or another that "
              "history.csv has."),
      KEY(train.checkpoint_every, .meaning = "Epochs from one checkpoint to the next.", .unit = "epochs",
          .limits = at_least(1)),
      KEY(train.keep_checkpoints, .meaning = "Checkpoints kept beside the best one.", .limits = at_least(1)),
      KEY(train.bucket_mib, .meaning = "Gradients that are reduced together.", .unit = "MiB",
          .limits = above(0)),
      KEY(train.threads,
          .meaning = "Threads of a rank. 0: OMP_NUM_THREADS, else the cores this rank may use, shared among "
                     "the ranks there.",
          .limits = at_least(0)),
      KEY(train.precision, .meaning = "Arithmetic of the forward and backward pass."),
      KEY(train.device, .meaning = "Where to train and evaluate. cuda: on GPUs, one a rank, with a build of "
                                   "the preset cuda. auto: on "
                                   "GPUs where every rank has one, else on the CPU."),
      KEY(train.cuda_graphs, .meaning = "On a GPU, whether full batches are computed by a recorded graph. "
                                        "auto: where the model allows it."),
      KEY(train.resident,
          .meaning =
              "Where samples are kept while training: on the device, in host memory, or in the store and "
              "read as needed (stream). auto: on a GPU that has room for them, else stream."),

      KEY(train.augment.time_masks,
          .meaning = "Stretches of time that are masked with the sample's mean (SpecAugment).",
          .limits = at_least(0)),
      KEY(train.augment.time_mask_width, .meaning = "Longest of them.", .unit = "frames",
          .limits = at_least(1)),
      KEY(train.augment.frequency_masks, .meaning = "Bands that are masked with the sample's mean.",
          .limits = at_least(0)),
      KEY(train.augment.frequency_mask_width, .meaning = "Widest of them.", .unit = "bins",
          .limits = at_least(1)),
      KEY(train.augment.mixup,
          .meaning = "Mix each sample with another of the training part, in a proportion drawn from "
                     "Beta(mixup, mixup). 0: not.",
          .limits = at_least(0)),
      KEY(train.augment.cutmix,
          .meaning =
              "Put a rectangle of another sample into each, of an area drawn from Beta(cutmix, cutmix). "
              "With mixup, one of the two for each sample. 0: not.",
          .limits = at_least(0)),
      KEY(train.augment.crop, .meaning = "Move each slice by up to this fraction of its length.",
          .limits = between(0, 1)),
      KEY(train.augment.gain, .meaning = "Make each sample up to so much louder or softer.", .unit = "dB",
          .limits = at_least(0)),
      KEY(train.augment.noise,
          .meaning = "Standard deviation of noise that is added to the normalised input.",
          .limits = at_least(0)),

      KEY(eval.part, .meaning = "The part to evaluate.", .choices = {"train", "validation", "test"}),
      KEY(eval.batch_size, .meaning = "Slices evaluated at once.", .unit = "slices", .limits = at_least(1)),
      KEY(eval.explain, .meaning = "Draw what the model goes by: Grad-CAM, of recurrent models saliency, "
                                   "over slices of each class, "
                                   "and the mean spectrogram of each predicted class."),
      KEY(eval.embeddings,
          .meaning = "Write what the last layer sees of every slice and song (.npy), songs that are alike, "
                     "and maps of the songs."),
  };
}

#undef KEY
#undef KEY_AS

}  // namespace

const std::vector<std::pair<std::string, std::string>>& sections() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"dataset", "The collection of audio files and its labels."},
      {"split", "Training, validation and test part."},
      {"audio", "Decoding."},
      {"clean", "What is done to decoded audio before anything is computed."},
      {"augment", "Variants of every track, made from its audio, for the training part alone."},
      {"features", "What is computed from audio; named and defaulted as librosa's."},
      {"features.stft", "The short-time Fourier transform."},
      {"features.mel", "The mel spectrogram."},
      {"features.mfcc", "Mel frequency cepstral coefficients."},
      {"features.tempogram", "The local autocorrelation of the onset strength."},
      {"store", "The HDF5 store."},
      {"run", "The run folder."},
      {"model", "The network, or the classical baseline."},
      {"train", "Training."},
      {"train.augment", "What is done to samples of the training part, anew in every epoch."},
      {"eval", "Evaluation."},
  };
  return all;
}

const std::vector<Key>& keys() {
  static const std::vector<Key> all = declare();
  return all;
}

const Key* find_key(const std::string& path) {
  const auto found =
      std::find_if(keys().begin(), keys().end(), [&](const Key& key) { return key.path == path; });
  return found == keys().end() ? nullptr : &*found;
}

bool is_section(const std::string& path) {
  return std::any_of(sections().begin(), sections().end(), [&](const auto& s) { return s.first == path; });
}

std::string section_of(const Key& key) { return key.path.substr(0, key.path.rfind('.')); }

}  // namespace chorale::config
