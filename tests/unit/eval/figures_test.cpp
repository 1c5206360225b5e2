#include <gtest/gtest.h>

#include <algorithm>

#include "eval/figures/confusion_figure.hpp"
#include "eval/figures/curve_figure.hpp"
#include "eval/figures/learning_curves.hpp"
#include "eval/figures/reliability_figure.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using runtime::read_file;
using testing_support::TemporaryFolder;

figures::Figure three_classes(CellValue value, const std::vector<std::string>& classes = {"a", "b", "c"}) {
  metrics::Confusion confusion(3);
  confusion.add(0, 0, 3);
  confusion.add(0, 1, 1);
  confusion.add(1, 1, 2);
  return confusion_figure("confusion", "Title", confusion, classes, value);
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(ConfusionFigure, DataIsCountsOrPercentOfTheTrueClass) {
  const std::string counts = three_classes(CellValue::kCount).data;
  EXPECT_NE(counts.find("1\t1\t3\ta\ta\n2\t1\t1\ta\tb\n3\t1\t0\ta\tc\n"), std::string::npos) << counts;
  const std::string percent = three_classes(CellValue::kPercent).data;
  EXPECT_NE(percent.find("1\t1\t75\ta\ta\n2\t1\t25\ta\tb\n3\t1\t0\ta\tc\n"), std::string::npos) << percent;
  EXPECT_NE(percent.find("1\t3\tnan\tc\ta\n"), std::string::npos) << percent;
}

TEST(ConfusionFigure, IsDrawnAsSvgAndPngBesideDataAndScript) {
  const TemporaryFolder folder;
  figures::write_figure(three_classes(CellValue::kPercent), folder.path());
  EXPECT_EQ(read_file(folder.path() / "confusion.tsv"), three_classes(CellValue::kPercent).data);
  EXPECT_EQ(read_file(folder.path() / "confusion.png").substr(0, 8), "\x89PNG\r\n\x1a\n");
  const std::string svg = read_file(folder.path() / "confusion.svg");
  EXPECT_NE(svg.find("</svg>"), std::string::npos);
  EXPECT_NE(svg.find(">75<"), std::string::npos) << "the number of a cell";
  EXPECT_NE(svg.find(">predicted<"), std::string::npos);
  EXPECT_NE(svg.find(">–<"), std::string::npos) << "of a class without songs";
  EXPECT_EQ(svg.find(">nan<"), std::string::npos);
  EXPECT_EQ(files_in(folder.path()), 4u) << "nothing else is left behind";
}

TEST(ConfusionFigure, ClassNamesAreTextNotCommands) {
  const TemporaryFolder folder;
  const std::string name = "it's `touch hacked` \"x\" {/Bold y}_z %d \\n\n&<";
  figures::write_figure(three_classes(CellValue::kCount, {name, "b", "c"}), folder.path());
  const std::string svg = read_file(folder.path() / "confusion.svg");
  EXPECT_NE(svg.find("it's `touch hacked` \"x\" {/Bold y}_z %d \\n &amp;&lt;"), std::string::npos);
  EXPECT_EQ(files_in(folder.path()), 4u);
}

// Of a, the two positives have 0.9 and 0.4, the negatives 0.6 and 0.1; nobody lacks b; c has no positive.
metrics::MultiLabel three_labels() {
  return {.classes = 3,
          .scores = {0.9, 1, 0, 0.6, 1, 0, 0.4, 1, 0, 0.1, 1, 0},
          .truth = {1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0}};
}

TEST(CurveFigure, HasTheRatesAtEveryThresholdOfTheClassesThatCount) {
  const auto roc = curve_figure("roc", "T", three_labels(), {"a", "b", "c"}, Curve::kRoc);
  EXPECT_EQ(roc.data, "# a: false positive rate, true positive rate\n0\t0\n0\t0.5\n0.5\t0.5\n0.5\t1\n1\t1\n");
  const auto recall = curve_figure("pr", "T", three_labels(), {"a", "b", "c"}, Curve::kPrecisionRecall);
  EXPECT_EQ(recall.data, "# a: recall, precision\n0.5\t1\n0.5\t0.5\n1\t0.6666666666666666\n1\t0.5\n");
  const auto none =
      curve_figure("roc", "T", {.classes = 1, .scores = {0.5}, .truth = {1}}, {"a"}, Curve::kRoc);
  EXPECT_TRUE(none.commands.empty());
}

TEST(CurveFigure, IsDrawnWithTheAreasInItsLegend) {
  const TemporaryFolder folder;
  figures::write_figure(curve_figure("roc", "A run", three_labels(), {"it's a", "b", "c"}, Curve::kRoc),
                        folder.path());
  EXPECT_NE(read_file(folder.path() / "roc.svg").find(">it's a 0.750<"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder.path() / "roc.png"));
}

TEST(CurveFigure, KeepsAFewHundredPointsOfALongCurve) {
  metrics::MultiLabel many{.classes = 1, .scores = {}, .truth = {}};
  for (int i = 0; i < 5000; ++i) {
    many.scores.push_back(i / 5000.0);
    many.truth.push_back(i % 2 == 0 ? 1 : 0);
  }
  const auto figure = curve_figure("roc", "T", many, {"a"}, Curve::kRoc);
  const auto lines = std::count(figure.data.begin(), figure.data.end(), '\n');
  EXPECT_GT(lines, 300);
  EXPECT_LE(lines, 402);
  EXPECT_NE(figure.data.find("\n1\t1\n"), std::string::npos);
}

TEST(ReliabilityFigure, IsDrawnWithItsError) {
  const TemporaryFolder folder;
  metrics::Examples examples{.width = 2,
                             .predictions = {0.75, 0.25, 0.75, 0.25},
                             .labels = {dataset::Label::of_class(0), dataset::Label::of_class(1)}};
  figures::write_figure(reliability_figure("reliability", "A run", calibrate(examples, 4)), folder.path());
  EXPECT_EQ(read_file(folder.path() / "reliability.tsv"),
            "# low\thigh\tsongs\tconfidence\taccuracy\n0\t0.25\t0\tnan\tnan\n0.25\t0.5\t0\tnan\tnan\n"
            "0.5\t0.75\t2\t0.75\t0.5\n0.75\t1\t0\tnan\tnan\n");
  EXPECT_NE(read_file(folder.path() / "reliability.svg").find("expected calibration error 0.250"),
            std::string::npos);
}

TEST(LearningCurves, AreDrawnWithTheBestEpochMarked) {
  const TemporaryFolder folder;
  const std::vector<Epoch> history = {{1, 2.0, 0.2, 1.9, 0.3, 1.0}, {2, 1.0, 0.6, 1.2, 0.5, 1.0}};
  figures::write_figure(learning_curves("curves", "A run", history, 2), folder.path());
  EXPECT_EQ(read_file(folder.path() / "curves.tsv"),
            "# epoch\ttrain_loss\tvalidation_loss\ttrain_accuracy\tvalidation_accuracy\n"
            "1\t2\t1.9\t0.2\t0.3\n2\t1\t1.2\t0.6\t0.5\n");
  EXPECT_NE(read_file(folder.path() / "curves.svg").find(">best: 2<"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder.path() / "curves.png"));
}

TEST(LearningCurves, OneEpochIsEnough) {
  const TemporaryFolder folder;
  figures::write_figure(learning_curves("curves", "A run", {{1, 2.0, 0.2, 1.9, 0.3, 1.0}}, 1), folder.path());
  EXPECT_TRUE(fs::exists(folder.path() / "curves.png"));
}

TEST(LearningCurves, OfSeveralTasksAreTheLossAlone) {
  const TemporaryFolder folder;
  const std::vector<Epoch> history = {{.epoch = 1, .train_loss = 2.0, .validation_loss = 1.9},
                                      {.epoch = 2, .train_loss = 1.0, .validation_loss = 1.2}};
  figures::write_figure(learning_curves("curves", "A run", history, 2), folder.path());
  EXPECT_EQ(read_file(folder.path() / "curves.tsv"),
            "# epoch\ttrain_loss\tvalidation_loss\n1\t2\t1.9\n2\t1\t1.2\n");
  EXPECT_TRUE(fs::exists(folder.path() / "curves.png"));
}

}  // namespace
}  // namespace chorale::eval
