// Files, `extends` and overrides: who has the last word, and where errors point.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/support.hpp"

namespace chorale::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Optional;
using testing::Pair;

TEST(Load, ReadsEveryKindOfValue) {
  const ConfigFolder folder;
  const auto experiment = load(folder.write("a.toml", R"(
[dataset]
kind = "manifest"
group_pattern = '/(\d)-'
[dataset.tasks]
sound = "single"
[train]
lr = 1
epochs = 7
[model]
channels = [8, 16]
[features]
mel.fmax = 8000.5
)"),
                               {});
  EXPECT_EQ(experiment.dataset.kind, DatasetKind::kManifest);
  EXPECT_EQ(experiment.dataset.group_pattern, "/(\\d)-");
  EXPECT_THAT(experiment.dataset.tasks, ElementsAre(Pair("sound", TaskKind::kSingle)));
  EXPECT_EQ(experiment.train.lr, 1.0);
  EXPECT_EQ(experiment.train.epochs, 7);
  EXPECT_THAT(experiment.model.channels, Optional(ElementsAre(8, 16)));
  EXPECT_EQ(experiment.features.mel.fmax, 8000.5);
  EXPECT_EQ(experiment.train.batch_size, 32) << "a key that is not set keeps its default";
}

TEST(Load, TheNearerFileHasTheLastWord) {
  const ConfigFolder folder;
  folder.write("base/root.toml", "[train]\nlr = 0.1\nepochs = 1\nseed = 1\n");
  folder.write("base/middle.toml", "extends = \"root.toml\"\n[train]\nepochs = 2\nseed = 2\n");
  const auto file = folder.write("leaf.toml", "extends = \"base/middle.toml\"\n[train]\nseed = 3\n");
  const auto experiment = load(file, {"train.patience=4"});
  EXPECT_EQ(experiment.train.lr, 0.1);
  EXPECT_EQ(experiment.train.epochs, 2);
  EXPECT_EQ(experiment.train.seed, 3);
  EXPECT_EQ(experiment.train.patience, 4);
}

TEST(Load, AnErrorPointsAtTheFileTheKeyStandsIn) {
  const ConfigFolder folder;
  const auto base = folder.write("base.toml", "[train]\n\nepochs = \"ten\"\n");
  const auto file = folder.write("leaf.toml", "extends = \"base.toml\"\n[train]\nlr = 0.1\n");
  EXPECT_THAT(refusal(file), HasSubstr(base + ":3: train.epochs: found the string \"ten\""));
}

TEST(Load, ACycleOfExtendsIsAnError) {
  const ConfigFolder folder;
  const auto a = folder.write("a.toml", "extends = \"b.toml\"\n");
  const auto b = folder.write("b.toml", "extends = \"a.toml\"\n");
  EXPECT_EQ(refusal(a), b + ":1: extends: a cycle: " + a + " -> " + b + " -> " + a);
}

TEST(Load, ABaseThatIsNotThereIsNamed) {
  const ConfigFolder folder;
  const auto file = folder.write("a.toml", "# comment\nextends = \"none.toml\"\n");
  EXPECT_THAT(refusal(file), HasSubstr(":2: extends: found the string \"none.toml\", but there is no file"));
  EXPECT_THAT(refusal(folder.write("b.toml", "extends = 3\n")),
              HasSubstr(":1: extends: found the integer 3"));
}

TEST(Load, AMissingOrBrokenFileIsAConfigError) {
  const ConfigFolder folder;
  EXPECT_THAT(refusal("/no/such/file.toml"), HasSubstr("/no/such/file.toml"));
  const auto broken = folder.write("broken.toml", "[train]\nlr = \n");
  EXPECT_THAT(refusal(broken), HasSubstr(broken + ":2: not TOML: "));
  const auto twice = folder.write("twice.toml", "[train]\nlr = 1\nlr = 2\n");
  EXPECT_THAT(refusal(twice), HasSubstr(twice + ":3: not TOML: "));
}

TEST(Overrides, ArePlainWordsWhereTextIsWantedAndTomlElsewhere) {
  const ConfigFolder folder;
  const auto experiment =
      load(folder.write("a.toml", ""),
           {"run.dir=2024", "store.path=true", "dataset.root=/data/a b", "dataset.metadata=\"x\"",
            "train.precision=bf16", "train.lr=3e-4", "model.channels=[1, 2]",
            "dataset.tasks={mood = \"single\"}", "split.fold_pattern=a=(b)\\d", "eval.explain=true"});
  EXPECT_EQ(experiment.run.dir, "2024");
  EXPECT_EQ(experiment.store.path, "true");
  EXPECT_EQ(experiment.dataset.root, "/data/a b");
  EXPECT_EQ(experiment.dataset.metadata, "x");
  EXPECT_EQ(experiment.train.precision, Precision::kBf16);
  EXPECT_EQ(experiment.train.lr, 3e-4);
  EXPECT_THAT(experiment.model.channels, Optional(ElementsAre(1, 2)));
  EXPECT_THAT(experiment.dataset.tasks, ElementsAre(Pair("mood", TaskKind::kSingle)));
  EXPECT_EQ(experiment.split.fold_pattern, "a=(b)\\d");
  EXPECT_TRUE(experiment.eval.explain);
}

TEST(Overrides, ErrorsNameTheCommandLine) {
  const ConfigFolder folder;
  const auto file = folder.write("a.toml", "");
  EXPECT_EQ(refusal(file, {"train.epochs=ten"}),
            "command line: train.epochs: found the string \"ten\", expected an integer: 1 or more");
  EXPECT_EQ(refusal(file, {"train.bath_size=3"}),
            "command line: train.bath_size: unknown key; did you mean train.batch_size?");
  EXPECT_EQ(
      refusal(file, {"train.epochs=3\nseed=4"}),
      "command line: train.epochs: found the string \"3\\u000Aseed=4\", expected an integer: 1 or more");
  EXPECT_THAT(refusal(file, {"run.dir=\xff"}), HasSubstr("command line: run.dir: "));
  EXPECT_THAT(refusal(file, {"extends=b.toml"}), HasSubstr("extends: unknown key"));
}

TEST(Stages, AskForWhatTheyNeed) {
  const ConfigFolder folder;
  const auto file = folder.write("a.toml", "");
  EXPECT_EQ(refusal(file), "");
  const std::string ingest = refusal(file, {}, Stage::kIngest);
  EXPECT_THAT(ingest, HasSubstr(file + ": dataset.root: not set, but chorale ingest needs it"));
  EXPECT_THAT(ingest, HasSubstr(file + ": store.path: not set"));
  EXPECT_THAT(ingest, Not(HasSubstr("run.dir")));
  const std::string train = refusal(file, {"store.path=s"}, Stage::kTrain);
  EXPECT_THAT(train, HasSubstr("run.dir: not set, but chorale train needs it"));
  EXPECT_THAT(train, Not(HasSubstr("store.path")));
}

}  // namespace
}  // namespace chorale::config
