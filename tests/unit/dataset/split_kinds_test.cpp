// Folds, official parts, and parts from a file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "collection.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::dataset {
namespace {

using config::Part;
using config::SplitKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

config::Split folds(std::int64_t count, std::int64_t fold, const std::string& pattern = "") {
  config::Split options;
  options.kind = SplitKind::kFolds;
  options.folds = count;
  options.fold = fold;
  options.fold_pattern = pattern;
  options.validation = 0.2;
  return options;
}

config::Split of_kind(SplitKind kind, const std::string& file = "") {
  config::Split options;
  options.kind = kind;
  options.file = file;
  return options;
}

// "dog/2-118072-A.ogg": fold, source recording, take; as ESC-10 names its clips. 8 clips a class and fold,
// two of them takes of one source.
Collection esc10() {
  Collection collection;
  for (const char* cls : {"dog", "rain", "clock"}) {
    collection.add_class(cls, {});
    for (int fold = 1; fold <= 5; ++fold) {
      for (int clip = 0; clip < 8; ++clip) {
        Track track;
        const std::string source = std::to_string(1000 * fold + std::max(clip, 1));
        track.id = std::string(cls) + "/" + std::to_string(fold) + "-" + source + "-" +
                   std::string(1, static_cast<char>('A' + clip));
        track.path = track.id + ".ogg";
        track.group = std::string(cls) + source;
        track.labels = {Label::of_class(static_cast<std::int32_t>(collection.tasks[0].classes.size() - 1))};
        collection.tracks.push_back(track);
      }
    }
  }
  return collection;
}

TEST(Folds, DealtFoldsCoverEveryTrackOnceAndEveryClass) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Collection collection = random_collection(seed);
    std::vector<int> tested(collection.tracks.size());
    for (std::int64_t fold = 1; fold <= 5; ++fold) {
      const auto parts = collection.split(folds(5, fold));
      for (auto& [cls, count] : counts(collection, parts)) {
        for (const Part part : {Part::kTrain, Part::kValidation, Part::kTest})
          EXPECT_GT(count[part], 0U) << cls;
      }
      for (std::size_t i = 0; i < parts.size(); ++i) tested[i] += parts[i] == Part::kTest ? 1 : 0;
    }
    EXPECT_THAT(tested, ::testing::Each(1)) << "collection " << seed;
  }
}

TEST(Folds, AreReadFromThePath) {
  const Collection collection = esc10();
  for (std::int64_t fold = 1; fold <= 5; ++fold) {
    const auto parts = collection.split(folds(5, fold, R"(/(\d)-)"));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto digit = collection.tracks[i].path[collection.tracks[i].path.find('/') + 1] - '0';
      EXPECT_EQ(parts[i] == Part::kTest, digit == fold) << collection.tracks[i].path;
    }
    auto count = counts(collection, parts);
    for (std::int32_t cls = 0; cls < 3; ++cls) {
      EXPECT_EQ(count[cls][Part::kTest], 8U);
      EXPECT_NEAR(static_cast<double>(count[cls][Part::kValidation]), 0.2 * 32,
                  2);  // the largest group has 2 clips
    }
    const auto groups = groups_by_part(collection, parts);
    for (const std::string& group : groups.at(Part::kValidation))
      EXPECT_FALSE(groups.at(Part::kTrain).contains(group));
  }
}

TEST(Folds, APatternThatPutsAGroupIntoTwoFoldsIsAnError) {
  Collection collection = esc10();
  collection.tracks[0].group = collection.tracks[20].group;
  EXPECT_THAT(collection.refusal(folds(5, 1, R"(/(\d)-)")),
              HasSubstr("group " + collection.tracks[20].group + " is in folds 1 and 3"));
}

TEST(Folds, APathWithoutAFoldInRangeIsAnError) {
  EXPECT_THAT(esc10().refusal(folds(5, 1, R"(/fold(\d)-)")),
              HasSubstr("dog/1-1001-A.ogg: split.fold_pattern"));
  EXPECT_THAT(esc10().refusal(folds(4, 1, R"(/(\d)-)")), HasSubstr("finds no fold from 1 to 4"));
  EXPECT_THAT(esc10().refusal(folds(5, 1, R"(/(\D*\d)-)")), ::testing::IsEmpty());
  EXPECT_THAT(esc10().refusal(folds(5, 1, R"(^(\w+))")), HasSubstr("finds no fold"));
}

TEST(Folds, AClassWithFewerGroupsThanFoldsIsAnError) {
  Collection collection = random_collection(3);
  collection.add_class("rare", {4, 4, 4});
  const std::string message = collection.refusal(folds(5, 1));
  EXPECT_THAT(
      message,
      HasSubstr("class rare has 3 groups (rare artist 0, rare artist 1, rare artist 2), too few for 5 "
                "folds"));
  EXPECT_THAT(message, HasSubstr("split.folds"));
}

TEST(OfficialSplit, IsTheCollectionsOwn) {
  Collection collection;
  collection.add_class("rock", {1, 1, 1, 1, 1});
  const char* names[] = {"training", "validation", "test", "train", ""};
  for (std::size_t i = 0; i < 5; ++i) collection.tracks[i].split = names[i];
  EXPECT_THAT(collection.split(of_kind(SplitKind::kOfficial)),
              ElementsAre(Part::kTrain, Part::kValidation, Part::kTest, Part::kTrain, Part::kNone));
  collection.tracks[3].split = "dev";
  EXPECT_THAT(collection.refusal(of_kind(SplitKind::kOfficial)), HasSubstr("rock/3.0.wav: unknown part dev"));
}

TEST(OfficialSplit, OneThatLeaksAGroupIsAnError) {
  Collection collection;
  collection.add_class("rock", {2, 1, 1});
  const char* names[] = {"train", "test", "test", "validation"};
  for (std::size_t i = 0; i < 4; ++i) collection.tracks[i].split = names[i];
  EXPECT_THAT(collection.refusal(of_kind(SplitKind::kOfficial)),
              HasSubstr("group rock artist 0 is in parts train and test (rock/0.1.wav)"));
}

TEST(OfficialSplit, ACollectionWithoutOneIsAnError) {
  EXPECT_THAT(random_collection(1).refusal(of_kind(SplitKind::kOfficial)),
              HasSubstr("stratified, folds or file"));
}

class FileSplit : public ::testing::Test {
 protected:
  FileSplit() { collection_.add_class("rock", {1, 1, 1, 1}); }
  config::Split options(const std::string& text) const {
    std::ofstream(folder_.path() / "split.csv") << text;
    return of_kind(SplitKind::kFile, (folder_.path() / "split.csv").string());
  }
  testing_support::TemporaryFolder folder_;
  Collection collection_;
};

TEST_F(FileSplit, NamesPathsOrIdsAndLeavesTheOthersOut) {
  const std::vector<Part> expected = {Part::kTest, Part::kTrain, Part::kNone, Part::kValidation};
  EXPECT_EQ(
      collection_.split(options("path,part\nrock/1.0.wav,train\nrock/0.0.wav,test\nrock/3.0.wav,validation\n"
                                "gone.wav,train\n")),
      expected);
  EXPECT_EQ(collection_.split(options("id,part\nrock/1.0,train\nrock/0.0,test\nrock/3.0,val\n")), expected);
}

TEST_F(FileSplit, ErrorsNameTheFileAndTheTrack) {
  EXPECT_THAT(collection_.refusal(options("path,part\nrock/1.0.wav,treino\n")),
              HasSubstr("split.csv: rock/1.0.wav: unknown part treino"));
  EXPECT_THAT(collection_.refusal(options("path,part\nrock/1.0.wav,train\nrock/1.0.wav,test\n")),
              HasSubstr("rock/1.0.wav is in two parts"));
  EXPECT_THAT(collection_.refusal(options("path,part\n/data/rock/1.0.wav,train\n")),
              HasSubstr("names no track of this collection; the first track is rock/0.0.wav"));
  EXPECT_THAT(collection_.refusal(options("path,part\nrock/1.0.wav,train\nrock/0.0.wav,test\n")),
              HasSubstr("no track is in the part validation; set split.validation = 0"));
}

}  // namespace
}  // namespace chorale::dataset
