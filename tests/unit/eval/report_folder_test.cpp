// What a report leaves in its folder, and what it takes away.
#include "eval/report/report_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/report/report.hpp"
#include "pipeline/runtime/hash.hpp"
#include "support/temporary_folder.hpp"
#include "unit/eval/report_runs.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using runtime::read_file;
using testing::HasSubstr;

class Folder : public testing::Test {
 protected:
  fs::path run(const std::string& name, double lr = 1e-3) const {
    return make_run(folder_.path() / name, 1, 6, lr);
  }
  fs::path out() const { return folder_.path() / "report"; }
  const testing_support::TemporaryFolder folder_;
};

// Two experiments of different splits, a former report, then one experiment alone.
TEST_F(Folder, FilesOfTheFormerReportAreGone) {
  const auto first = run("first"), second = run("second", 1e-4);
  std::string metrics = read_file(second / "metrics.json");
  metrics.replace(metrics.find("\"track\""), 7, "\"artist\"");
  runtime::write_file(second / "metrics.json", metrics);
  write_report(read_runs({first, second}), out());
  write_report(read_runs({first, second}), out(), {.against = out()});
  const auto former = {"tables/comparison-2.md",       "tables/changes.csv",
                       "tables/per_class-2.tex",       "figures/confusion-2.svg",
                       "figures/learning_curves-2.gp", "configurations/second.toml"};
  for (const char* file : former) EXPECT_TRUE(fs::exists(out() / file)) << file;
  write_report(read_runs({first}), out());
  for (const char* file : former) EXPECT_FALSE(fs::exists(out() / file)) << file;
  for (const char* file : {"tables/comparison.md", "figures/confusion-1.svg", "report.html", "checksums.txt"})
    EXPECT_TRUE(fs::exists(out() / file)) << file;
}

TEST_F(Folder, WhatAReportDidNotWriteStays) {
  const auto first = run("first"), second = run("second", 1e-4);
  write_report(read_runs({first, second}), out());
  runtime::write_file(out() / "tables/mine.md", "mine");
  runtime::write_file(out() / "tables/per_class-2.md", "rewritten by hand");
  runtime::write_file(folder_.path() / "outside.txt", "outside");
  // As one who wants other files to be removed would write it; xxh3 is of "outside".
  runtime::write_file(out() / "checksums.txt", read_file(out() / "checksums.txt") +
                                                   runtime::xxh3_hex("outside") + " ../outside.txt\n" +
                                                   runtime::xxh3_hex("outside") + " " +
                                                   (folder_.path() / "outside.txt").string() + "\n");
  write_report(read_runs({first}), out());
  EXPECT_EQ(read_file(out() / "tables/mine.md"), "mine");
  EXPECT_EQ(read_file(out() / "tables/per_class-2.md"), "rewritten by hand");
  EXPECT_TRUE(fs::exists(folder_.path() / "outside.txt"));
  EXPECT_FALSE(fs::exists(out() / "tables/per_class-2.csv"));
}

TEST_F(Folder, RunsWhoseNamesBecomeOneHaveFilesOfTheirOwn) {
  const auto a = run("x/y_z/cnn", 1e-3), b = run("x_y/z/cnn", 1e-4);
  const fs::path before = fs::current_path();
  fs::current_path(folder_.path());
  write_report(read_runs({"x/y_z/cnn", "x_y/z/cnn"}), out());
  fs::current_path(before);
  EXPECT_EQ(read_file(out() / "configurations/x_y_z_cnn.toml"), read_file(a / "config.toml"));
  EXPECT_EQ(read_file(out() / "configurations/x_y_z_cnn-2.toml"), read_file(b / "config.toml"));
}

TEST_F(Folder, CommandsCanBeRunByAShell) {
  const auto odd = run("it's $HOME; a run"), plain = run("plain", 1e-4);
  write_report(read_runs({plain}), folder_.path() / "former");
  write_report(std::vector<fs::path>{odd, plain}, out(),
               {.baseline = "cnn on songs (train.lr 0.0001)", .against = folder_.path() / "former"});
  const std::string commands = read_file(out() / "commands.sh"), folder = folder_.path().string();
  EXPECT_THAT(commands, HasSubstr("chorale train '" + folder + "/it'\\''s $HOME; a run/config.toml'\n"));
  EXPECT_THAT(commands, HasSubstr("chorale train " + folder + "/plain/config.toml\n"));
  EXPECT_THAT(commands, HasSubstr("chorale report '" + folder + "/it'\\''s $HOME; a run' " + folder +
                                  "/plain -o " + folder + "/report --against " + folder +
                                  "/former --baseline 'cnn on songs (train.lr 0.0001)'\n"));
}

}  // namespace
}  // namespace chorale::eval
