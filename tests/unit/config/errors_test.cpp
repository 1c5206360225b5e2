// What validation refuses, and what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/support.hpp"

namespace chorale::config {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Errors, AllAreReportedAtOnceInTheOrderOfTheFile) {
  EXPECT_EQ(refusal_of_text(R"([train]
epochs = "ten"
bath_size = 3
slice_overlap = 1.0
[split]
fold = 7
[trian]
epochs = 3
seed = 1
[features]
mel = 3
)"),
            "6 errors in the configuration:\n"
            "  text:2: train.epochs: found the string \"ten\", expected an integer: 1 or more\n"
            "  text:3: train.bath_size: unknown key; did you mean train.batch_size?\n"
            "  text:4: train.slice_overlap: found the number 1.0, expected a number: 0 or more, less than 1\n"
            "  text:7: trian: unknown section; did you mean [train]?\n"
            "  text:11: features.mel: found the integer 3, expected a section: [features.mel]\n"
            "  text:6: split.fold: found 7, expected 1 to split.folds = 5");
}

TEST(Errors, AKeyInTheWrongSectionIsFound) {
  EXPECT_EQ(refusal_of_text("[model]\nlr = 1\n"), "text:2: model.lr: unknown key; did you mean train.lr?");
  EXPECT_EQ(refusal_of_text("[eval]\nbatchsize = 1\n[train]\ntest = 1\n"),
            "2 errors in the configuration:\n"
            "  text:2: eval.batchsize: unknown key; did you mean eval.batch_size?\n"
            "  text:4: train.test: unknown key; did you mean split.test?");
  EXPECT_EQ(refusal_of_text("hop_length = 1\n"),
            "text:1: hop_length: unknown key; did you mean features.hop_length?");
  EXPECT_EQ(refusal_of_text("batch_size = 1\n"),
            "text:1: batch_size: unknown key; did you mean train.batch_size?");
  EXPECT_EQ(refusal_of_text("[train]\nxylophone = 1\n"),
            "text:2: train.xylophone: unknown key; chorale config reference lists all");
}

struct Refused {
  std::string toml, expected;
};

class Values : public testing::TestWithParam<Refused> {};

TEST_P(Values, AreRefusedWithWhatIsAllowed) {
  EXPECT_THAT(refusal_of_text(GetParam().toml), HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    OfTheWrongType, Values,
    testing::Values(Refused{"train.epochs = 3.0", "train.epochs: found the number 3.0, expected an integer"},
                    Refused{"train.lr = true", "found the boolean true, expected a number: more than 0"},
                    Refused{"eval.embeddings = 1", "found the integer 1, expected true or false"},
                    Refused{"eval.embeddings = \"yes\"", "found the string \"yes\", expected true or false"},
                    Refused{"train.lr = nan", "found the number nan, expected a number"},
                    Refused{"train.lr = inf", "found the number inf, expected a number"},
                    Refused{"eval.explain = 1", "eval.explain: found the integer 1, expected true or false"},
                    Refused{"run.dir = 3", "run.dir: found the integer 3, expected a string"},
                    Refused{"run = [{}]", "run: found a list, expected a section: [run]"},
                    Refused{"run.dir = {}", "run.dir: found a table, expected a string"},
                    Refused{"model.channels = \"3\"", "found the string \"3\", expected a list of integers"},
                    Refused{"model.channels = 0", "found the integer 0, expected an integer: 1 or more"},
                    Refused{"model.units = 3", "found 3, but cnn has no such option"},
                    Refused{"model.dropout = [0.1, 0.2]", "expected one number, or one for each of [512]"},
                    Refused{"model.dropout = []", "expected one number, or one for each of [512]"},
                    Refused{"model.name = \"rnn\"\nmodel.dropout = [0.1, 0.2]", "expected one number"},
                    Refused{"model.name = \"lstm\"\nmodel.channels = [4]", "lstm has no such option"},
                    Refused{"model.trees = 3", "found 3, but cnn has no such option"},
                    Refused{"model.C = 0", "model.C: found the integer 0, expected a number"},
                    Refused{"model.name = \"random_forest\"\nmodel.eta = 0.1",
                            "random_forest has no such option"},
                    Refused{"model.name = \"random_forest\"\nmodel.freeze = [\"output\"]",
                            "only networks have weights to begin with or to freeze, not random_forest"},
                    Refused{"model.channels = []", "found an empty list"},
                    Refused{"model.channels = [1, 0]", "found the integer 0, expected an integer: 1 or more"},
                    Refused{"dataset.tasks = 'genre'", "expected a table of name = kind"},
                    Refused{"dataset.tasks = {}", "found an empty table"},
                    Refused{"dataset.tasks = {'a b' = 'single'}", "found the task name \"a b\""},
                    Refused{"train.seed = -1", "found the integer -1, expected an integer: 0 or more"}));

INSTANTIATE_TEST_SUITE_P(
    OfNoChoice, Values,
    testing::Values(Refused{"train.precision = 'fp23'",
                            "expected one of: fp32, bf16; did you mean \"fp32\"?"},
                    Refused{"eval.part = 'none'", "expected one of: train, validation, test"},
                    Refused{"features.store = ['mel', 'mel']", "found the string \"mel\" twice"}));

INSTANTIATE_TEST_SUITE_P(
    ThatContradictOthers, Values,
    testing::Values(
        Refused{"train.slice_seconds = 0\ntrain.augment.crop = 0.1",
                "text:2: train.augment.crop: found 0.1, but with train.slice_seconds = 0 samples are whole "
                "tracks"},
        Refused{
            "model.name = 'gradient_boosting'",
            "text: train.vector: not set, but gradient_boosting learns from one vector of numbers a track"},
        Refused{
            "dataset.kind = 'manifest'\ndataset.tasks = {a = 'multi'}\nmodel.name = 'logistic_regression'",
            "text:2: dataset.tasks: found { a = \"multi\" }, but logistic_regression learns one task, of "
            "kind "
            "single or key"},
        Refused{"model.name = 'random_forest'\ntrain.vector = 'features_103'\nsplit.by = 'slice'",
                "text:3: split.by: found \"slice\", but random_forest learns from whole tracks"},
        Refused{"dataset.group = 'pattern'",
                "text: dataset.group_pattern: dataset.group = \"pattern\" needs it"},
        Refused{"dataset.group_pattern = '(a'",
                "text:1: dataset.group_pattern: found \"(a\", not a regular expression"},
        Refused{"dataset.group_pattern = '(a{9999999999})'", "expected numbers of at most 9 digits"},
        Refused{"dataset.group_pattern = '(" + std::string(70000, 'a') + ")'",
                "text:1: dataset.group_pattern: found a pattern of 70002 characters, expected at most 1000"},
        Refused{"split.fold_pattern = '[0-9]'", "split.fold_pattern: found \"[0-9]\", expected a capture"},
        Refused{"dataset.subset = 'small'",
                "text:1: dataset.subset: found \"small\", but dataset.kind = \"folder\" has"},
        Refused{"dataset.tasks = {a = 'single', b = 'single'}", "expected one task of kind single"},
        Refused{"dataset.tasks = {a = 'multi'}", "expected one task of kind single"},
        Refused{"train.task_weights = {gnere = 2.0}",
                "text:1: train.task_weights: found a weight of gnere, expected tasks of dataset.tasks"},
        Refused{"split.folds = 3\nsplit.fold = 4",
                "text:2: split.fold: found 4, expected 1 to split.folds = 3"},
        Refused{"split.kind = 'file'", "split.file: split.kind = \"file\" needs it"},
        Refused{"split.validation = 0.5\nsplit.test = 0.5",
                "split.validation + split.test = 1.0, expected less than 1"},
        Refused{"features.hop_length = 4096",
                "features.hop_length: found 4096, expected at most features.n_fft = 2048"},
        Refused{"features.n_fft = 2047", "features.n_fft: found 2047, expected an even number"},
        Refused{"features.mel.fmax = 11025.5", "expected at most audio.sample_rate / 2 = 11025.0"},
        Refused{"features.mel.fmin = 11025", "expected less than the highest frequency, 11025.0"},
        Refused{"features.n_fft = 128\nfeatures.hop_length = 64",
                "features.mel.n_mels: found 128, expected at most"},
        Refused{"features.mfcc.n_mfcc = 200", "features.mfcc.n_mfcc: found 200, expected at most"},
        Refused{"train.slice_seconds = 0.01", "train.slice_seconds: found 0.01, expected at least one frame"},
        Refused{"train.schedule = 'one_cycle'\ntrain.warmup_epochs = 2",
                "text:2: train.warmup_epochs: found 2, but one_cycle begins with a warm-up of its own"},
        Refused{"train.epochs = 5\ntrain.warmup_epochs = 5",
                "text:2: train.warmup_epochs: found 5, expected less than train.epochs = 5"},
        Refused{"train.min_lr = 0.1", "train.min_lr: found 0.1, expected at most train.lr = 0.0001"},
        Refused{"train.schedule = 'plateau'\ntrain.factor = 1", "train.factor: found 1.0, expected less"},
        Refused{"train.accumulate = 33", "train.accumulate: found 33, expected at most train.batch_size"},
        Refused{"train.accumulate = 2\ntrain.batch_norm = 'global'", "needs the whole batch at once"}));

TEST(Errors, AWrongValueBringsNoErrorsInItsTrain) {
  const std::string message = refusal_of_text("[split]\nfolds = 'many'\nfold = 9\n");
  EXPECT_THAT(message, HasSubstr("split.folds"));
  EXPECT_THAT(message, Not(HasSubstr("split.fold:")))
      << "split.folds is not known, so split.fold can't be judged";
}

TEST(Errors, HaveTheExitStatusOfWrongUsage) {
  try {
    parse("x = 1", "text");
    FAIL() << "expected ConfigError";
  } catch (const runtime::Error& error) {
    EXPECT_EQ(error.exit_status(), 2);
  }
}

}  // namespace
}  // namespace chorale::config
