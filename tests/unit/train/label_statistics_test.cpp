#include "train/objective/label_statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/runtime/error.hpp"

namespace chorale::train {
namespace {

using config::TaskKind;
using dataset::Label;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

// Tracks with these labels, a list a track, and as many slices of each as `slices` says.
struct Part {
  Part(const std::vector<std::vector<Label>>& labels, const std::vector<int>& slices) {
    for (std::uint32_t t = 0; t < labels.size(); ++t) {
      tracks.emplace_back().track.labels = labels[t];
      samples.insert(samples.end(), static_cast<std::size_t>(slices[t]), {t, 0});
    }
  }
  std::vector<LabelStatistics> statistics(const std::vector<models::Output>& outputs) const {
    return label_statistics(outputs, tracks, samples);
  }

  std::vector<store::StoredTrack> tracks;
  std::vector<samples::Slice> samples;
};

std::vector<models::Output> outputs_of(const dataset::Task& task) {
  return models::outputs_of({task}, config::KeyClasses::kTonic);
}

std::string refusal(const std::vector<models::Output>& outputs, const Part& part) {
  try {
    require_labels(outputs, part.statistics(outputs), part.tracks);
    return "";
  } catch (const runtime::UsageError& error) {
    return error.what();
  }
}

const dataset::Task kGenre = {"genre", TaskKind::kSingle, {"blues", "jazz", "rock"}};
const dataset::Task kMood = {"mood", TaskKind::kMulti, {"calm", "dark", "loud"}};

TEST(LabelStatistics, CountSlicesOfKnownLabels) {
  const Part part({{Label::of_class(0)}, {Label::of_class(2)}, {Label::of_class(2)}, {Label{}}},
                  {3, 1, 0, 5});
  const auto statistics = part.statistics(outputs_of(kGenre)).front();
  EXPECT_EQ(statistics.known, 4);
  EXPECT_THAT(statistics.per_class, ElementsAre(3, 0, 1));
  // 4 samples of two classes: 4 / (2 * 3), 4 / (2 * 1).
  EXPECT_THAT(balanced_weights(statistics), ElementsAre(DoubleNear(2.0 / 3, 1e-15), 1.0, 2.0));
}

TEST(LabelStatistics, PositivesWeighByTheirRarenessUpToTheCap) {
  const Part part({{Label::of_classes({0, 1})}, {Label::of_classes({})}}, {2, 8});
  auto statistics = part.statistics(outputs_of(kMood)).front();
  EXPECT_THAT(statistics.per_class, ElementsAre(2, 2, 0));
  EXPECT_THAT(positive_weights(statistics, 0.5, 10), ElementsAre(2.0, 2.0, 1.0));  // sqrt(8 / 2)
  EXPECT_THAT(positive_weights(statistics, 1.0, 3), ElementsAre(3.0, 3.0, 1.0));
  EXPECT_THAT(positive_weights(statistics, 0.0, 3), ElementsAre(1.0, 1.0, 1.0));
  statistics.per_class[0] = 10;  // always there
  EXPECT_EQ(positive_weights(statistics, 1.0, 3).front(), 1.0);
}

TEST(LabelStatistics, ValuesHaveAMeanAndADeviationOverSlices) {
  const dataset::Task tempo{"tempo", TaskKind::kRegression, {}};
  const Part part({{Label::of_value(100)}, {Label::of_value(120)}, {Label{}}}, {3, 1, 4});
  const auto statistics = part.statistics(outputs_of(tempo)).front();
  EXPECT_DOUBLE_EQ(statistics.mean, 105);
  EXPECT_DOUBLE_EQ(statistics.deviation, std::sqrt((3 * 25 + 225) / 4.0));
  const Part equal({{Label::of_value(90)}}, {2});
  EXPECT_EQ(equal.statistics(outputs_of(tempo)).front().deviation, 1.0);
}

TEST(LabelStatistics, KeysCountAsTonics) {
  const dataset::Task key{"key", TaskKind::kKey, {}};
  const Part part({{Label::of_class(2)}, {Label::of_class(14)}}, {1, 1});  // D major and D minor
  EXPECT_EQ(part.statistics(outputs_of(key)).front().per_class.at(2), 2);
}

TEST(RequireLabels, NamesATaskWithoutLabelsAndWhatTheStoreHas) {
  const Part part({{Label{}}, {Label::of_class(1)}}, {2, 0});  // the labelled one is not in the training part
  EXPECT_THAT(
      refusal(outputs_of(kGenre), part),
      testing::AllOf(HasSubstr("task genre (single)"), HasSubstr("1 of the 2 tracks"), HasSubstr("split.*")));
}

TEST(RequireLabels, NamesASingleClassWithoutSample) {
  const Part part({{Label::of_class(0)}, {Label::of_class(1)}}, {1, 1});
  EXPECT_THAT(refusal(outputs_of(kGenre), part),
              HasSubstr("task genre: no track of the training part is of class rock"));
}

TEST(RequireLabels, OfOtherKindsSuchAClassIsWorthAWarning) {
  const Part part({{Label::of_classes({0})}}, {1});
  const auto outputs = outputs_of(kMood);
  EXPECT_EQ(refusal(outputs, part), "");
  EXPECT_THAT(missing_classes(outputs, part.statistics(outputs)),
              ElementsAre(testing::AllOf(HasSubstr("task mood: 2 of 3 classes"), HasSubstr("dark, loud"))));
}

}  // namespace
}  // namespace chorale::train
