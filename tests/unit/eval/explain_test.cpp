// Which slices explain a model, and the figures of them.
#include <gmock/gmock.h>

#include <array>

#include "eval/explain/examples.hpp"
#include "eval/explain/explain_figure.hpp"
#include "eval/explain/mean_spectrogram.hpp"
#include "eval/figures/class_bars_figure.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using runtime::read_file;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing_support::TemporaryFolder;

// Songs 0 and 1 are of class a, song 2 of b, nobody's of c.
Predictions three_songs() {
  Predictions predictions{.output = {{"genre", config::TaskKind::kSingle, {"a", "b", "c"}}, 0, 3}};
  for (const std::int32_t label : {0, 0, 1}) {
    SongInfo song{"id", "path", "group"};
    song.label = dataset::Label::of_class(label);
    predictions.songs.push_back(song);
  }
  predictions.slices.classes = 3;
  predictions.slices.song = {0, 0, 1, 1, 2, 2};
  predictions.slices.probabilities = {0.6F, 0.4F, 0.0F,   // a, rightly
                                      0.1F, 0.8F, 0.1F,   // b, wrongly
                                      0.9F, 0.1F, 0.0F,   // a, rightly and more surely
                                      0.1F, 0.0F, 0.9F,   // c, wrongly and more surely
                                      0.2F, 0.7F, 0.1F,   // b, rightly
                                      0.2F, 0.7F, 0.1F};  // the same again
  return predictions;
}

TEST(Examples, AreTheMostConfidentSlicesRightAndWrong) {
  const auto classes = choose_examples(three_songs());
  ASSERT_EQ(classes.size(), 2U) << "c has no songs";
  ASSERT_TRUE(classes[0].right && classes[0].wrong);
  EXPECT_EQ(classes[0].right->slice, 2U);
  EXPECT_EQ(classes[0].right->predicted, 0U);
  EXPECT_FLOAT_EQ(classes[0].right->probability, 0.9F);
  EXPECT_EQ(classes[0].wrong->slice, 3U);
  EXPECT_EQ(classes[0].wrong->predicted, 2U);
  EXPECT_EQ(classes[1].index, 1U);
  EXPECT_EQ(classes[1].right.value().slice, 4U) << "the first of equal ones";
  EXPECT_FALSE(classes[1].wrong);
}

// With thresholds of 0.65, 0.75 and 0.5. Song 0 has a and b, song 1 has b, song 2 nothing.
TEST(Examples, OfSeveralLabelsAreAboveTheThresholdOfTheClass) {
  Predictions predictions = three_songs();
  predictions.output.task.kind = config::TaskKind::kMulti;
  predictions.thresholds = {0.65, 0.75, 0.5};
  predictions.songs[0].label = dataset::Label::of_classes({0, 1});
  predictions.songs[1].label = dataset::Label::of_classes({1});
  predictions.songs[2].label = dataset::Label::of_classes({});
  const auto classes = choose_examples(predictions);
  ASSERT_EQ(classes.size(), 2U);
  EXPECT_FALSE(classes[0].right) << "0.6 is below the threshold";
  EXPECT_EQ(classes[0].wrong.value().slice, 2U);
  EXPECT_EQ(classes[0].wrong->predicted, 0U);
  EXPECT_EQ(classes[1].right.value().slice, 1U);
  EXPECT_FALSE(classes[1].wrong);
  EXPECT_THAT(predicted_classes(predictions, 1), ElementsAre(1));
  EXPECT_THAT(predicted_classes(predictions, 4), IsEmpty());
}

TEST(Examples, AreOfTheClassesWithTheMostSongs) {
  Predictions predictions{.output = {{"genre", config::TaskKind::kSingle, {}}, 0, 20}};
  predictions.slices.classes = 20;
  for (std::uint32_t song = 0; song < 36; ++song) {  // classes 4 to 19 have two songs, the others one
    SongInfo info{std::to_string(song), "path", "group"};
    info.label = dataset::Label::of_class(static_cast<std::int32_t>(song < 20 ? song : song - 16));
    predictions.songs.push_back(info);
    predictions.slices.song.push_back(song);
    for (int c = 0; c < 20; ++c) predictions.slices.probabilities.push_back(0.05F);
  }
  const auto classes = choose_examples(predictions);
  ASSERT_EQ(classes.size(), kMostExplained);
  EXPECT_EQ(classes.front().index, 4U);
  EXPECT_EQ(classes.back().index, 19U);
}

TEST(Examples, NamesOfFilesAreSafeAndDifferent) {
  EXPECT_THAT(safe_names({"Hip-Hop", "a/b", "a b", "../x", "it's", "m\xc3\xba", "A.1"}),
              ElementsAre("Hip-Hop", "a_b", "a_b_2", ".._x", "it_s", "m__", "A.1"));
  EXPECT_EQ(safe_names({std::string(300, 'x')}).front().size(), 60U);
}

const SpectrogramAxes kAxes{.bins = 2,
                            .frame_seconds = 0.5,
                            .mel = SpectrogramAxes::MelRange{0, 11025},
                            .unit = "dB",
                            .low = -80,
                            .high = 0};
const ExplainTexts kTexts{"Title", "Note", "nothing right", "nothing wrong"};

ExplainedSlice slice(float heat) {
  return {.heading = "Right: it's a, p = 0.90",
          .song = "song\t1",
          .start = 1.5,
          .spectrogram = {-10, -20, -30, -40, -50, -60},
          .heat = {0, heat, heat / 4, 0, 0, 0}};
}

TEST(ExplainFigure, HoldsSpectrogramAndHeatOfEachSlice) {
  const auto figure = explain_figure("e", kTexts, kAxes, Outline::kHalf, slice(1), std::nullopt);
  EXPECT_EQ(figure.data,
            "# song 1\tfrom 1.500 s\tinput\n-10\t-30\t-50\n-20\t-40\t-60\n\n\n"
            "# song 1\tfrom 1.500 s\theat\n0.00\t0.25\t0.00\n1.00\t0.00\t0.00\n");
  EXPECT_THAT(figure.commands, HasSubstr("nothing wrong"));
  EXPECT_THAT(figure.commands, Not(HasSubstr("nothing right")));
}

TEST(ExplainFigure, IsDrawnWithItsTexts) {
  const TemporaryFolder folder;
  figures::write_figure(explain_figure("both", kTexts, kAxes, Outline::kHalf, slice(1), slice(0)),
                        folder.path());
  const std::string svg = read_file(folder.path() / "both.svg");
  for (const char* text : {">Title<", ">Note<", ">Right: it's a, p = 0.90<", ">song 1, from 1.5 s<", ">2k<",
                           ">nothing in it speaks for this class<"}) {
    EXPECT_THAT(svg, HasSubstr(text));
  }
  EXPECT_TRUE(fs::exists(folder.path() / "both.png"));
  figures::write_figure(explain_figure("wrong", kTexts, kAxes, Outline::kNone, std::nullopt, slice(1)),
                        folder.path());
  EXPECT_THAT(read_file(folder.path() / "wrong.svg"), HasSubstr(">nothing right<"));
}

TEST(MeanSpectrogram, IsOverTheSlicesThatHaveAFrame) {
  MeanSpectrogram mean(2);
  EXPECT_THAT(mean.mean(), IsEmpty());
  mean.add(std::array<float, 4>{1, 2, 3, 4});
  mean.add(std::array<float, 2>{3, 6});
  EXPECT_EQ(mean.slices(), 2);
  EXPECT_THAT(mean.mean(), ElementsAre(2, 4, 3, 4));
}

TEST(MeanSpectrogram, LongSamplesAreCut) {
  MeanSpectrogram mean(1);
  mean.add(std::vector<float>(5000, 1));
  EXPECT_EQ(mean.mean().size(), MeanSpectrogram::kMostFrames);
}

TEST(MeanSpectrogramFigure, HasAPanelAClass) {
  std::vector<ClassMean> classes = {{"never & ever", MeanSpectrogram(2)}, {"b", MeanSpectrogram(2)}};
  classes[1].mean.add(std::array<float, 4>{-1, -2, -3, -4});
  const auto figure = mean_spectrogram_figure("mean", "Title", kAxes, classes);
  EXPECT_EQ(figure.data, "# b\t1 slices\n-1.00\t-3.00\n-2.00\t-4.00\n");
  const TemporaryFolder folder;
  figures::write_figure(figure, folder.path());
  const std::string svg = read_file(folder.path() / "mean.svg");
  EXPECT_THAT(svg, HasSubstr(">never &amp; ever: never predicted<"));
  EXPECT_THAT(svg, HasSubstr(">b: 1 slice<"));
}

TEST(SpectrogramAxes, DecibelsAreDrawnBelowTheMaximumOfTheTrack) {
  const samples::Normaliser seen{
      .top_db = 60, .kind = config::Normalisation::kBinZScore, .mean = {1}, .scale = {1}};
  const samples::Normaliser shown = drawn(seen);
  EXPECT_EQ(shown.kind, config::Normalisation::kNone);
  EXPECT_EQ(shown.reference, config::Reference::kMax);
  EXPECT_EQ(shown.top_db, 60);
  const samples::Normaliser linear{
      .mean = {1}, .scale = {2}, .scale_of_values = store::FeatureScale::kLinear};
  EXPECT_EQ(drawn(linear).kind, config::Normalisation::kBinZScore);
}

TEST(ClassBars, AreUndefinedForAClassWithoutSongs) {
  const std::vector<metrics::ClassScore> scores = {{0.5, 1, 2.0 / 3, 4}, {0, 0, 0, 0}};
  const auto figure = class_bars_figure("bars", "A run", {"a\tb", "100% c"}, scores);
  EXPECT_EQ(figure.data,
            "# row\tprecision\trecall\tf1\tsongs\tclass\n1\t0.5\t1\t0.6666666666666666\t4\ta b\n"
            "2\tnan\tnan\tnan\t0\t100% c\n");
  const TemporaryFolder folder;
  figures::write_figure(figure, folder.path());
  const std::string svg = read_file(folder.path() / "bars.svg");
  for (const char* text : {">A run<", ">a b (4)<", ">100% c (0)<", ">no songs<", ">0.67<", ">precision<"})
    EXPECT_THAT(svg, HasSubstr(text));
}

TEST(ClassBars, PageGrowsWithTheClasses) {
  const auto height = [](std::size_t classes) {
    return class_bars_figure("bars", "T", std::vector<std::string>(classes, "c"),
                             std::vector<metrics::ClassScore>(classes, {1, 1, 1, 1}))
        .height;
  };
  EXPECT_EQ(height(11) - height(10), height(3) - height(2));
  EXPECT_GE(height(163), 163 * 20) << "two lines of text would touch";
}

}  // namespace
}  // namespace chorale::eval
