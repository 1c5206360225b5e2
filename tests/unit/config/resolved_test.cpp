// The resolved text, the store's hash and differences.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "pipeline/config/schema.hpp"
#include "pipeline/runtime/hash.hpp"
#include "unit/config/support.hpp"

namespace chorale::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// For each key a value other than its default.
const std::map<std::string, std::string> kOther = {
    {"dataset.kind", "manifest"},
    {"dataset.root", "/data \"x\"\\y\tz ü"},
    {"dataset.metadata", "meta"},
    {"dataset.subset", ""},
    {"dataset.max_tracks", "10"},
    {"dataset.group", "artist"},
    {"dataset.group_pattern", "/(\\d)\""},
    {"dataset.tasks", "{zebra = \"single\"}"},
    {"split.kind", "folds"},
    {"split.file", "split.csv"},
    {"split.folds", "10"},
    {"split.fold", "2"},
    {"split.fold_pattern", "/(\\d)-"},
    {"split.validation", "0.1"},
    {"split.test", "0.2"},
    {"split.artists", "ignore"},
    {"split.by", "track"},
    {"split.seed", "9223372036854775807"},
    {"audio.sample_rate", "44100"},
    {"audio.channel", "left"},
    {"audio.offset", "1.5"},
    {"audio.duration", "30"},
    {"audio.max_file_mib", "100"},
    {"audio.max_seconds", "600"},
    {"clean.trim_top_db", "60"},
    {"clean.denoise", "stationary"},
    {"augment.time_stretch", "[0.9, 1.1]"},
    {"augment.pitch_shift", "[-2, 2]"},
    {"augment.noise", "[20]"},
    {"augment.gain", "[-6]"},
    {"augment.seed", "1"},
    {"features.n_fft", "1024"},
    {"features.hop_length", "256"},
    {"features.store", "[\"mfcc\", \"features_103\"]"},
    {"features.stft.scale", "magnitude"},
    {"features.mel.n_mels", "64"},
    {"features.mel.fmin", "20.5"},
    {"features.mel.fmax", "8000"},
    {"features.mfcc.n_mfcc", "13"},
    {"features.mfcc.deltas", "2"},
    {"features.tempogram.win_length", "192"},
    {"store.path", "store"},
    {"store.tracks_per_shard", "8"},
    {"store.dtype", "f32"},
    {"run.dir", "run"},
    {"model.name", "cnn"},
    {"model.channels", "[8, 16]"},
    {"model.hidden", "64"},
    {"model.conv_dropout", "0.0"},
    {"model.dropout", "0.1"},
    {"model.norm", "none"},
    {"model.units", ""},
    {"model.layers", ""},
    {"model.rnn_dropout", ""},
    {"model.input_channels", ""},
    {"model.trees", ""},
    {"model.max_depth", ""},
    {"model.eta", ""},
    {"model.subsample", ""},
    {"model.colsample_bytree", ""},
    {"model.colsample_bynode", ""},
    {"model.min_child_weight", ""},
    {"model.lambda", ""},
    {"model.C", ""},
    {"model.initial_weights", "runs/other"},
    {"model.freeze", "[\"blocks.0\", \"hidden\"]"},
    {"train.input", "mfcc"},
    {"train.vector", "features_103"},
    {"train.slice_seconds", "1e2"},
    {"train.slice_overlap", "0.0"},
    {"train.db_reference", "one"},
    {"train.top_db", "60"},
    {"train.normalize", "track_minmax"},
    {"train.epochs", "3"},
    {"train.batch_size", "7"},
    {"train.seed", "5"},
    {"train.task_weights", "{genre = 0.5}"},
    {"train.label_smoothing", "0.1"},
    {"train.class_weights", "balanced"},
    {"train.pos_weight_power", "0.5"},
    {"train.pos_weight_cap", "20"},
    {"train.key_classes", "tonic"},
    {"train.augment.time_masks", "2"},
    {"train.augment.time_mask_width", "10"},
    {"train.augment.frequency_masks", "2"},
    {"train.augment.frequency_mask_width", "10"},
    {"train.augment.mixup", "0.2"},
    {"train.augment.cutmix", "1"},
    {"train.augment.crop", "0.5"},
    {"train.augment.gain", "6"},
    {"train.augment.noise", "0.1"},
    {"train.optimizer", "adamw"},
    {"train.lr", "1.2345678901234567e-7"},
    {"train.momentum", "0"},
    {"train.weight_decay", "0.1"},
    {"train.decay", "weights"},
    {"train.layer_lr", "{\"blocks.0\" = 0.1}"},
    {"train.clip_norm", "1"},
    {"train.accumulate", "2"},
    {"train.ema", "0.999"},
    {"train.schedule", "cosine"},
    {"train.warmup_epochs", "5"},
    {"train.min_lr", "1e-6"},
    {"train.factor", "0.5"},
    {"train.plateau_patience", "3"},
    {"train.step_epochs", "10"},
    {"train.batch_norm", "global"},
    {"train.patience", "0"},
    {"train.monitor", "\"accuracy\""},
    {"train.checkpoint_every", "2"},
    {"train.keep_checkpoints", "5"},
    {"train.bucket_mib", "0.5"},
    {"train.threads", "2"},
    {"train.precision", "bf16"},
    {"train.device", "cpu"},
    {"train.cuda_graphs", "off"},
    {"train.resident", "stream"},
    {"eval.part", "validation"},
    {"eval.batch_size", "16"},
    {"eval.explain", "true"},
    {"eval.embeddings", "true"},
};

// Keys that have no other value so far, or none with the model cnn.
const std::set<std::string> kOneValue = {"dataset.subset",
                                         "model.name",
                                         "model.units",
                                         "model.layers",
                                         "model.rnn_dropout",
                                         "model.input_channels",
                                         "model.trees",
                                         "model.max_depth",
                                         "model.eta",
                                         "model.subsample",
                                         "model.colsample_bytree",
                                         "model.colsample_bynode",
                                         "model.min_child_weight",
                                         "model.lambda",
                                         "model.C"};

// The keys of the design that change a store's bytes.
const std::set<std::string> kStoreKeys = {"dataset.kind",
                                          "dataset.subset",
                                          "dataset.max_tracks",
                                          "dataset.group",
                                          "dataset.group_pattern",
                                          "dataset.tasks",
                                          "audio.sample_rate",
                                          "audio.max_file_mib",
                                          "audio.max_seconds",
                                          "features.n_fft",
                                          "features.hop_length",
                                          "features.store",
                                          "features.mel.n_mels",
                                          "features.mel.fmin",
                                          "features.mel.fmax",
                                          "features.mfcc.n_mfcc",
                                          "store.tracks_per_shard",
                                          "store.dtype",
                                          "audio.channel",
                                          "audio.offset",
                                          "audio.duration",
                                          "clean.trim_top_db",
                                          "clean.denoise",
                                          "augment.time_stretch",
                                          "augment.pitch_shift",
                                          "augment.noise",
                                          "augment.gain",
                                          "augment.seed",
                                          "features.stft.scale",
                                          "features.mfcc.deltas",
                                          "features.tempogram.win_length"};

Experiment with_other(const std::string& key) {
  const std::string& other = kOther.at(key);
  return parse("", "text", other.empty() ? std::vector<std::string>{} : std::vector{key + "=" + other});
}

TEST(Resolved, EveryKeyReadsBackToWhatItWas) {
  for (const Key& key : keys()) {
    SCOPED_TRACE(key.path);
    ASSERT_TRUE(kOther.contains(key.path)) << "a new key: add another value for it to kOther";
    const std::string text = resolved(with_other(key.path));
    EXPECT_EQ(resolved(parse(text, "resolved")), text);
    EXPECT_EQ(text == resolved(parse("", "defaults")), kOneValue.contains(key.path));
  }
}

TEST(StoreHash, CoversTheKeysThatChangeAStoresBytesAndNoOther) {
  const std::string plain = store_hash(Experiment{});
  for (const Key& key : keys()) {
    SCOPED_TRACE(key.path);
    EXPECT_EQ(key.changes_store, kStoreKeys.contains(key.path));
    if (kOneValue.contains(key.path)) continue;
    EXPECT_EQ(store_hash(with_other(key.path)) != plain, kStoreKeys.contains(key.path));
  }
}

// The text is in every store: when this test has to change, existing stores no longer fit.
TEST(StoreHash, IsTheHashOfTheResolvedTextOfTheStore) {
  EXPECT_EQ(resolved_store(Experiment{}), R"([dataset]
kind = "folder"
subset = ""
max_tracks = 0
group = "track"
group_pattern = ""
tasks = { genre = "single" }

[audio]
sample_rate = 22050
channel = "mean"
offset = 0.0
duration = 0.0
max_file_mib = 2048
max_seconds = 10800.0

[clean]
trim_top_db = 0.0
denoise = "none"

[augment]
time_stretch = []
pitch_shift = []
noise = []
gain = []
seed = 0

[features]
n_fft = 2048
hop_length = 512
store = ["mel"]

[features.stft]
scale = "db"

[features.mel]
n_mels = 128
fmin = 0.0
fmax = 0.0

[features.mfcc]
n_mfcc = 20
deltas = 0

[features.tempogram]
win_length = 384

[store]
tracks_per_shard = 64
dtype = "f16"
)");
  EXPECT_EQ(store_hash(Experiment{}), runtime::xxh3_hex(resolved_store(Experiment{})));
}

TEST(Resolved, OptionsOfClassicalBaselinesReadBack) {
  for (const char* options : {"[model]\nname = \"random_forest\"\ntrees = 7\ncolsample_bynode = 0.25\n",
                              "[model]\nname = \"gradient_boosting\"\neta = 0.125\nlambda = 2\n",
                              "[model]\nname = \"logistic_regression\"\nC = 0.125\n"}) {
    const std::string vector = "[train]\nvector = \"features_103\"\n";
    const std::string text = resolved(parse(options + vector, "text"));
    EXPECT_EQ(resolved(parse(text, "resolved")), text);
    EXPECT_NE(text,
              resolved(parse(std::string(options).substr(0, std::string(options).find('\n', 8) + 1) + vector,
                             "defaults of the model")));
  }
}

TEST(Resolved, NumbersAreWrittenShortAndExact) {
  EXPECT_EQ(format(0.0), "0.0");
  EXPECT_EQ(format(1e-4), "0.0001");
  EXPECT_EQ(format(1e-7), "1e-07");
  EXPECT_EQ(format(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(format(80.0), "80.0");
  EXPECT_EQ(format(1e300), "1e+300");
  EXPECT_EQ(format(std::string("a\"\\\n\x7f")), "\"a\\\"\\\\\\u000A\\u007F\"");
}

TEST(Resolved, TasksKeepTheOrderTheyAreWrittenIn) {
  Experiment experiment;
  experiment.dataset.tasks = {{"zebra", TaskKind::kSingle}, {"ant", TaskKind::kSingle}};
  EXPECT_THAT(resolved(experiment), HasSubstr("tasks = { zebra = \"single\", ant = \"single\" }"));
}

TEST(Differences, NameKeyAndBothValues) {
  const std::string here = resolved_store(Experiment{});
  Experiment other;
  other.features.n_fft = 1024;
  other.dataset.group_pattern = "(a)";
  EXPECT_THAT(differences(here, here), ElementsAre());
  EXPECT_THAT(differences(here, resolved_store(other)),
              ElementsAre("dataset.group_pattern: \"\" here, \"(a)\" there",
                          "features.n_fft: 2048 here, 1024 there"));
}

TEST(Differences, UnderstandTextOfAnotherVersion) {
  EXPECT_THAT(differences("[a]\nb = 1\n", "[a]\nc = [1, 2]\n"),
              ElementsAre("a.b: 1 here, absent there", "a.c: absent here, [1, 2] there"));
  EXPECT_THROW(differences("= 3", ""), ConfigError);
}

}  // namespace
}  // namespace chorale::config
