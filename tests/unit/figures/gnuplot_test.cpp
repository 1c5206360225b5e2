#include "pipeline/figures/gnuplot.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "pipeline/figures/style.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::figures {
namespace {

namespace fs = std::filesystem;
using testing_support::TemporaryFolder;

// PATH for the time of a test.
class Path {
 public:
  explicit Path(const std::string& value) : before_(std::getenv("PATH")) {
    ::setenv("PATH", value.c_str(), 1);
  }
  ~Path() { ::setenv("PATH", before_.c_str(), 1); }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;

 private:
  std::string before_;
};

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

Figure line() {
  return {.name = "line",
          .width = 100,
          .height = 100,
          .data = "1\t2\n2\t3\n",
          .commands = "  plot 'line.tsv' using 1:2 with lines notitle\n"};
}

TEST(Gnuplot, WithoutItDataAndScriptAreWrittenAndOldPicturesGo) {
  const TemporaryFolder folder;
  write_figure(line(), folder.path());
  ASSERT_TRUE(fs::exists(folder.path() / "line.svg"));
  const Path path("/nonexistent");
  write_figure(line(), folder.path());
  EXPECT_TRUE(fs::exists(folder.path() / "line.tsv"));
  EXPECT_TRUE(fs::exists(folder.path() / "line.gp"));
  EXPECT_EQ(files_in(folder.path()), 2u);
}

TEST(Gnuplot, AScriptThatFailsLeavesNoPicture) {
  const TemporaryFolder folder;
  write_figure(
      {.name = "broken", .width = 100, .height = 100, .data = "", .commands = "  plot 'absent.tsv'\n"},
      folder.path());
  EXPECT_FALSE(fs::exists(folder.path() / "broken.svg"));
  EXPECT_EQ(files_in(folder.path()), 2u);
}

TEST(Style, StepsAreRound) {
  EXPECT_EQ(round_step(0.1), 0.1);
  EXPECT_EQ(round_step(0.11), 0.2);
  EXPECT_EQ(round_step(3), 5);
  EXPECT_EQ(round_step(70), 100);
}

TEST(Style, NamesAreTextNotCommands) {
  EXPECT_EQ(tic_labels({"rock & roll", "it's 50 %"}), "'rock & roll' 1, 'it''s 50 %%' 2");
  EXPECT_EQ(one_line("a\tb\nc"), "a b c");
}

}  // namespace
}  // namespace chorale::figures
