// The dispatcher and chorale config, as a shell sees them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "pipeline/cli/program.hpp"
#include "support/process.hpp"

namespace chorale::testing_support {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Dispatcher, ListsTheCommands) {
  for (const std::vector<std::string>& command :
       {std::vector{built("chorale")}, {built("chorale"), "--help"}}) {
    const Finished help = run(command);
    EXPECT_EQ(help.exit_status, 0);
    EXPECT_EQ(help.err, "");
    for (const std::string name : {"synth", "ingest", "inspect", "train", "eval", "report", "config"}) {
      EXPECT_THAT(help.out, HasSubstr("\n  " + name + " "));
    }
  }
}

TEST(Dispatcher, StartsTheSiblingWithItsArgumentsAndPassesItsStatusOn) {
  const Finished sibling = run({built("chorale-config"), "check", "/no/such.toml"});
  const Finished dispatched = run({built("chorale"), "config", "check", "/no/such.toml"});
  EXPECT_EQ(dispatched.exit_status, 2);
  EXPECT_EQ(dispatched.err, sibling.err);
  EXPECT_THAT(dispatched.err, StartsWith("chorale-config: error: /no/such.toml"));
}

TEST(Dispatcher, SuggestsTheNearestCommand) {
  const Finished wrong = run({built("chorale"), "trian", "x.toml"});
  EXPECT_EQ(wrong.exit_status, 2);
  EXPECT_EQ(wrong.err,
            "chorale: error: unknown command \"trian\"; did you mean train? (chorale --help lists all)\n");
  EXPECT_EQ(run({built("chorale"), "--hlep"}).exit_status, 2);
}

TEST(Dispatcher, SaysWhenAProgramIsNotBuilt) {
  const TemporaryFolder folder;
  std::filesystem::copy_file(built("chorale"), folder.path() / "chorale");
  const Finished alone = run({folder.path() / "chorale", "train"});
  EXPECT_EQ(alone.exit_status, 1);
  EXPECT_THAT(alone.err, HasSubstr("chorale-train: No such file or directory"));
}

TEST(Dispatcher, PrintsTheVersion) {
  const Finished version = run({built("chorale"), "--version"});
  EXPECT_EQ(version.exit_status, 0);
  EXPECT_EQ(version.out, std::string(cli::kVersion) + "\n");
  EXPECT_EQ(run({built("chorale-config"), "--version"}).out, version.out);
}

TEST(Config, CheckPrintsWhatCheckCanReadAgain) {
  const TemporaryFolder folder;
  const auto first = folder.path() / "first.toml", second = folder.path() / "second.toml";
  std::ofstream(first) << "[train]\nepochs = 3\n";
  const Finished printed = run({built("chorale"), "config", "check", first, "train.lr=3e-4"});
  EXPECT_EQ(printed.exit_status, 0) << printed.err;
  EXPECT_THAT(printed.out, StartsWith("# store hash: "));
  EXPECT_THAT(printed.out, HasSubstr("\nepochs = 3\n"));
  EXPECT_THAT(printed.out, HasSubstr("\nlr = 0.0003\n"));
  std::ofstream(second) << printed.out;
  EXPECT_EQ(run({built("chorale"), "config", "check", second}).out, printed.out);
}

TEST(Config, CheckRefusesWithStatus2) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "bad.toml";
  std::ofstream(file) << "[train]\nepochs = 0\n";
  const Finished refused = run({built("chorale"), "config", "check", file});
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err, "chorale-config: error: " + file.string() +
                             ":2: train.epochs: found the integer 0, expected an integer: 1 or more\n");
}

TEST(Config, WrongUsageIsStatus2) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {"chekc"},
                                                    {"check"},
                                                    {"check", "a.toml", "override"},
                                                    {"check", "a.toml", "=3"},
                                                    {"check", "a.toml", "--stage", "eval"},
                                                    {"reference", "--latex"}}) {
    std::vector<std::string> command = {built("chorale-config")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Finished refused = run(command);
    EXPECT_EQ(refused.exit_status, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(refused.err, StartsWith("chorale-config: error: "));
  }
}

TEST(Config, StageChecksWhatACommandNeeds) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.toml";
  std::ofstream(file) << "";
  const Finished refused = run({built("chorale"), "config", "check", file, "--stage", "ingest"});
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.err, HasSubstr("dataset.root: not set, but chorale ingest needs it"));
}

TEST(Config, HelpHasAnExample) {
  const Finished help = run({built("chorale"), "config", "--help"});
  EXPECT_EQ(help.exit_status, 0);
  EXPECT_THAT(help.out, HasSubstr("chorale config check configs/"));
}

}  // namespace
}  // namespace chorale::testing_support
