// Classes of another store.
#include "eval/stage/class_mapping.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/stage/other_store.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::eval {
namespace {

using runtime::UsageError;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kTheirs = {"Hip-Hop", "Rap", "Spoken", "rock", "Jazz"};
const std::vector<std::string> kOurs = {"hiphop", "metal", "rock"};

ClassMapping read(const std::string& text) {
  const testing_support::TemporaryFolder folder;
  runtime::write_file(folder.path() / "classes.toml", text);
  return ClassMapping::read(folder.path() / "classes.toml");
}

TEST(ClassMapping, SeveralGoToOneAndEqualNamesToEachOther) {
  const auto mapping = read(
      "task = \"genre_top\"\n[classes]\n\"Hip-Hop\" = \"hiphop\"\nRap = \"hiphop\"\n"
      "Spoken = \"\"\n");
  EXPECT_EQ(mapping.task, "genre_top");
  EXPECT_THAT(mapping.apply(kTheirs, kOurs), ElementsAre(0, 0, -1, 2, -1));
  EXPECT_THAT(ClassMapping{}.apply(kTheirs, kOurs), ElementsAre(-1, -1, -1, 2, -1));
}

TEST(ClassMapping, ANameCanBeTakenAwayFromItsEqual) {
  EXPECT_THAT(read("[classes]\nrock = \"metal\"\n").apply(kTheirs, kOurs), ElementsAre(-1, -1, -1, 1, -1));
}

TEST(ClassMapping, NamesThatAreNotThereAreRefusedTogetherWithTheNearest) {
  const auto mapping = read("[classes]\nRap = \"hipop\"\nJaz = \"rock\"\n");
  EXPECT_THAT([&] { mapping.apply(kTheirs, kOurs); },
              testing::ThrowsMessage<UsageError>(AllOf(
                  HasSubstr("classes.toml:2: \"hipop\" is no class of the run, did you mean \"hiphop\"?"),
                  HasSubstr("classes.toml:3: \"Jaz\" is no class of the store, did you mean \"Jazz\"?"),
                  HasSubstr("it has: Hip-Hop, Rap, Spoken, rock, Jazz"))));
}

TEST(ClassMapping, NothingLeftIsRefused) {
  EXPECT_THAT(
      [&] { read("[classes]\nrock = \"\"\n").apply(kTheirs, kOurs); },
      testing::ThrowsMessage<UsageError>(HasSubstr("no class of the store stands for one of the run")));
}

TEST(ClassMapping, WhatIsNoMappingIsRefusedWithItsPlace) {
  EXPECT_THAT([] { read("[classes]\nrock = 3\n"); },
              testing::ThrowsMessage<UsageError>(HasSubstr("classes.toml:2: \"rock\": expected the name")));
  EXPECT_THAT(
      [] { read("[class]\nrock = \"rock\"\n"); },
      testing::ThrowsMessage<UsageError>(HasSubstr("classes.toml:1: class: expected a section [classes]")));
  EXPECT_THAT([] { read("rock ="); }, testing::ThrowsMessage<UsageError>(HasSubstr("classes.toml:1: ")));
  EXPECT_THAT([] { ClassMapping::read("/nonexistent/classes.toml"); },
              testing::ThrowsMessage<UsageError>(HasSubstr("/nonexistent/classes.toml: no such file")));
}

TEST(OtherStore, FeaturesThatMatterAreCompared) {
  config::Experiment run, store;
  store.audio.duration = 30;
  store.dataset.group = config::GroupKind::kArtist;
  store.store.dtype = config::StoreType::kFloat;
  store.features.store = {"mel", "mfcc"};
  store.features.mfcc.n_mfcc = 13;
  const auto differences = [&] {
    return feature_differences(config::resolved_store(store), config::resolved(run), run.train);
  };
  EXPECT_TRUE(differences().empty());
  run.train.input = "mfcc";
  EXPECT_THAT(differences(), ElementsAre("features.mfcc.n_mfcc: 13 here, 20 there"));
  run.train.input = "mel";
  store.audio.sample_rate = 44100;
  store.features.hop_length = 256;
  store.features.mel.n_mels = 64;
  store.clean.trim_top_db = 30;
  EXPECT_THAT(differences(), ElementsAre(HasSubstr("audio.sample_rate: 44100 here, 22050 there"),
                                         HasSubstr("clean.trim_top_db"), HasSubstr("features.hop_length"),
                                         HasSubstr("features.mel.n_mels: 64 here, 128 there")));
}

}  // namespace
}  // namespace chorale::eval
