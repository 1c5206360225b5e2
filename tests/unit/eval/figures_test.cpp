#include <gtest/gtest.h>

#include "eval/figures/confusion_figure.hpp"
#include "eval/figures/learning_curves.hpp"
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
