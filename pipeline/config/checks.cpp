#include "pipeline/config/checks.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>

#include "pipeline/config/model_options.hpp"
#include "pipeline/config/schema.hpp"

namespace chorale::config {
namespace {

using Findings = std::vector<Finding>;

// std::regex recurses over a pattern's letters, and does not look whether a number fits.
constexpr std::size_t kLongestPattern = 1000, kMostDigits = 9;

bool has_long_number(const std::string& pattern) {
  std::size_t digits = 0;
  return std::ranges::any_of(pattern, [&](unsigned char letter) {
    digits = std::isdigit(letter) != 0 ? digits + 1 : 0;
    return digits > kMostDigits;
  });
}

void check_pattern(const std::string& key, const std::string& pattern, Findings& findings) {
  if (pattern.empty()) return;
  if (pattern.size() > kLongestPattern) {
    findings.push_back({{key},
                        "found a pattern of " + std::to_string(pattern.size()) +
                            " characters, expected at most " + std::to_string(kLongestPattern)});
    return;
  }
  if (has_long_number(pattern)) {
    findings.push_back({{key}, "found " + format(pattern) + ", expected numbers of at most 9 digits"});
    return;
  }
  try {
    if (std::regex(pattern).mark_count() == 0) {
      findings.push_back({{key}, "found " + format(pattern) + ", expected a capture: \"...(...)...\""});
    }
  } catch (const std::regex_error& error) {
    findings.push_back({{key}, "found " + format(pattern) + ", not a regular expression: " + error.what()});
  }
}

void check_dataset(const Dataset& dataset, Findings& findings) {
  check_pattern("dataset.group_pattern", dataset.group_pattern, findings);
  if (dataset.group == GroupKind::kPattern && dataset.group_pattern.empty()) {
    findings.push_back({{"dataset.group_pattern", "dataset.group"}, "dataset.group = \"pattern\" needs it"});
  }
  if (!dataset.subset.empty() && dataset.kind != DatasetKind::kFma) {
    findings.push_back({{"dataset.subset", "dataset.kind"},
                        "found " + format(dataset.subset) + ", but dataset.kind = " + format(dataset.kind) +
                            " has no subsets"});
  }
  const bool from_folders = dataset.kind == DatasetKind::kFolder || dataset.kind == DatasetKind::kGtzan;
  if (from_folders && (dataset.tasks.size() > 1 || dataset.tasks.front().second != TaskKind::kSingle)) {
    findings.push_back({{"dataset.tasks", "dataset.kind"},
                        "found " + format(dataset.tasks) +
                            ", expected one task of kind single: dataset.kind = " + format(dataset.kind) +
                            " has one label, the name of the folder"});
  }
}

void check_task_weights(const Experiment& experiment, Findings& findings) {
  const auto& tasks = experiment.dataset.tasks;
  for (const auto& weight : experiment.train.task_weights) {
    const bool known =
        std::ranges::any_of(tasks, [&](const auto& task) { return task.first == weight.first; });
    if (known) continue;
    findings.push_back(
        {{"train.task_weights", "dataset.tasks"},
         "found a weight of " + weight.first + ", expected tasks of dataset.tasks = " + format(tasks)});
  }
}

void check_split(const Split& split, Findings& findings) {
  check_pattern("split.fold_pattern", split.fold_pattern, findings);
  if (split.fold > split.folds) {
    findings.push_back(
        {{"split.fold", "split.folds"},
         "found " + format(split.fold) + ", expected 1 to split.folds = " + format(split.folds)});
  }
  if (split.kind == SplitKind::kFile && split.file.empty()) {
    findings.push_back({{"split.file", "split.kind"}, "split.kind = \"file\" needs it"});
  }
  if (split.kind == SplitKind::kStratified && split.validation + split.test >= 1) {
    findings.push_back({{"split.test", "split.validation"},
                        "split.validation + split.test = " + format(split.validation + split.test) +
                            ", expected less than 1: nothing is left to train on"});
  }
  const bool dealt =
      split.kind == SplitKind::kStratified || (split.kind == SplitKind::kFolds && split.fold_pattern.empty());
  if (split.by != SplitBy::kGroup && !dealt) {
    findings.push_back(
        {{"split.by", "split.kind", "split.fold_pattern"},
         "found " + format(split.by) +
             ", but only a split that is dealt out at random can do so: split.kind = \"stratified\", or "
             "\"folds\" without split.fold_pattern"});
  }
}

void check_artists(const Experiment& experiment, Findings& findings) {
  if (experiment.split.artists == Artists::kIgnore || experiment.split.by != SplitBy::kGroup) return;
  if (experiment.dataset.group != GroupKind::kTrack) return;
  if (!is_random_split_of_artists(experiment)) return;
  findings.push_back({{"dataset.group", "dataset.kind", "split.kind"},
                      "found \"track\", but split.kind = " + format(experiment.split.kind) +
                          " would then put songs of one artist into training and test. " + kArtistsRemedy});
}

void check_features(const Features& features, std::int64_t sample_rate, Findings& findings) {
  if (features.hop_length > features.n_fft) {
    findings.push_back({{"features.hop_length", "features.n_fft"},
                        "found " + format(features.hop_length) + ", expected at most features.n_fft = " +
                            format(features.n_fft) + ": samples between frames would be left out"});
  }
  if (features.n_fft % 2 != 0) {
    findings.push_back({{"features.n_fft"}, "found " + format(features.n_fft) + ", expected an even number"});
  }
  const Mel& mel = features.mel;
  const double half_rate = static_cast<double>(sample_rate) / 2;
  if (mel.fmax > half_rate) {
    findings.push_back(
        {{"features.mel.fmax", "audio.sample_rate"},
         "found " + format(mel.fmax) + ", expected at most audio.sample_rate / 2 = " + format(half_rate)});
  }
  const double highest = mel.fmax == 0 ? half_rate : mel.fmax;
  if (mel.fmin >= highest) {
    findings.push_back(
        {{"features.mel.fmin", "features.mel.fmax"},
         "found " + format(mel.fmin) + ", expected less than the highest frequency, " + format(highest)});
  }
  const std::int64_t bins = features.n_fft / 2 + 1;
  if (mel.n_mels > bins) {
    findings.push_back(
        {{"features.mel.n_mels", "features.n_fft"},
         "found " + format(mel.n_mels) + ", expected at most features.n_fft / 2 + 1 = " + format(bins)});
  }
  if (features.mfcc.n_mfcc > mel.n_mels) {
    findings.push_back({{"features.mfcc.n_mfcc", "features.mel.n_mels"},
                        "found " + format(features.mfcc.n_mfcc) +
                            ", expected at most features.mel.n_mels = " + format(mel.n_mels)});
  }
}

void check_slices(const Experiment& experiment, Findings& findings) {
  const double crop = experiment.train.augment.crop;
  if (crop > 0 && experiment.train.slice_seconds == 0) {
    findings.push_back(
        {{"train.augment.crop", "train.slice_seconds"},
         "found " + format(crop) +
             ", but with train.slice_seconds = 0 samples are whole tracks, which have nowhere to "
             "move"});
  }
  const double frame_rate =
      static_cast<double>(experiment.audio.sample_rate) / static_cast<double>(experiment.features.hop_length);
  if (experiment.train.slice_seconds == 0 || experiment.train.slice_seconds * frame_rate >= 1) return;
  findings.push_back({{"train.slice_seconds", "features.hop_length", "audio.sample_rate"},
                      "found " + format(experiment.train.slice_seconds) + ", expected at least one frame, " +
                          format(1 / frame_rate) + " s"});
}

void check_schedule(const Train& train, Findings& findings) {
  const auto refuse = [&](std::string key, std::string other, const std::string& what) {
    findings.push_back({{std::move(key), std::move(other)}, what});
  };
  if (train.schedule == Schedule::kOneCycle && train.warmup_epochs > 0) {
    refuse("train.warmup_epochs", "train.schedule",
           "found " + format(train.warmup_epochs) + ", but one_cycle begins with a warm-up of its own");
  }
  if (train.warmup_epochs > 0 && train.warmup_epochs >= train.epochs) {
    refuse("train.warmup_epochs", "train.epochs",
           "found " + format(train.warmup_epochs) + ", expected less than train.epochs = " +
               format(train.epochs) + ": the whole run would be warm-up");
  }
  if (train.min_lr > train.lr) {
    refuse("train.min_lr", "train.lr",
           "found " + format(train.min_lr) + ", expected at most train.lr = " + format(train.lr));
  }
  if (train.schedule == Schedule::kPlateau && train.factor >= 1) {
    refuse("train.factor", "train.schedule",
           "found " + format(train.factor) + ", expected less than 1: plateau would change nothing");
  }
  if (train.accumulate > train.batch_size) {
    refuse("train.accumulate", "train.batch_size",
           "found " + format(train.accumulate) +
               ", expected at most train.batch_size = " + format(train.batch_size));
  }
  if (train.accumulate > 1 && train.batch_norm == BatchNorm::kGlobal) {
    refuse("train.accumulate", "train.batch_norm",
           "found " + format(train.accumulate) +
               ", but train.batch_norm = \"global\" needs the whole batch at once: expected 1");
  }
}

void check_baseline(const Experiment& experiment, Findings& findings) {
  const std::string& name = experiment.model.name;
  if (!is_baseline(name)) return;
  if (experiment.train.vector.empty()) {
    findings.push_back(
        {{"train.vector", "model.name"},
         "not set, but " + name +
             " learns from one vector of numbers a track: name one that features.store has, such as "
             "features_103 (with features.store = [\"mel\", \"features_103\"]; chorale ingest CONFIG makes "
             "it)"});
  }
  if (experiment.split.by == SplitBy::kSlice) {
    findings.push_back({{"split.by", "model.name"},
                        "found \"slice\", but " + name +
                            " learns from whole tracks, which have no slices to deal out: \"track\""});
  }
  const auto& tasks = experiment.dataset.tasks;
  const auto has_classes = [](TaskKind kind) { return kind == TaskKind::kSingle || kind == TaskKind::kKey; };
  if (tasks.size() == 1 && has_classes(tasks.front().second)) return;
  findings.push_back(
      {{"dataset.tasks", "model.name"},
       "found " + format(tasks) + ", but " + name + " learns one task, of kind single or key"});
}

void check_required(const Experiment& experiment, Stage stage, Findings& findings) {
  const Experiment defaults;
  for (const Key& key : keys()) {
    const auto& stages = key.required_by;
    if (std::find(stages.begin(), stages.end(), stage) == stages.end()) continue;
    if (key.format(experiment) != key.format(defaults)) continue;
    const std::string command = stage == Stage::kIngest ? "ingest" : "train";
    findings.push_back({{key.path}, "not set, but chorale " + command + " needs it: " + key.meaning});
  }
}

}  // namespace

bool is_random_split_of_artists(const Experiment& experiment) {
  const bool many_songs_an_artist =
      experiment.dataset.kind == DatasetKind::kGtzan || experiment.dataset.kind == DatasetKind::kFma;
  const bool random = experiment.split.kind == SplitKind::kStratified ||
                      (experiment.split.kind == SplitKind::kFolds && experiment.split.fold_pattern.empty());
  return many_songs_an_artist && random;
}

const char* const kArtistsRemedy =
    "Group by artist (dataset.group = \"artist\" with dataset.metadata), use a split that knows artists "
    "(split.kind = \"file\" with configs/splits/gtzan_fault_filtered.csv for GTZAN, \"official\" for FMA), "
    "or "
    "ask for it with split.artists = \"ignore\": every table of results will carry a warning.";

std::vector<Finding> check(const Experiment& experiment, Stage stage) {
  Findings findings;
  check_dataset(experiment.dataset, findings);
  check_task_weights(experiment, findings);
  check_split(experiment.split, findings);
  check_artists(experiment, findings);
  check_features(experiment.features, experiment.audio.sample_rate, findings);
  check_slices(experiment, findings);
  check_schedule(experiment.train, findings);
  check_baseline(experiment, findings);
  check_required(experiment, stage, findings);
  return findings;
}

}  // namespace chorale::config
