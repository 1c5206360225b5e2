#include "sweep/plan/definition.hpp"

#include <gmock/gmock.h>

#include "unit/sweep/sweep_file.hpp"

namespace chorale::sweep {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(const std::string& sweep, const std::vector<std::string>& overrides = {}) {
  const SweepFile file(sweep);
  try {
    file.definition(overrides);
  } catch (const config::ConfigError& error) {
    return error.what();
  }
  return "none";
}

TEST(Definition, AxesStandInTheOrderWrittenAndRepetitionsLast) {
  const SweepFile file(
      "[sweep]\ndir = \"study\"\nseeds = [1, 2]\nfolds = [1]\n"
      "[sweep.grid]\ntrain.lr = [1e-3, 1e-4]\nmodel.name = [\"lstm\", \"cnn\"]\n");
  const Definition definition = file.definition();
  EXPECT_EQ(definition.dir, "study");
  std::vector<std::string> keys;
  for (const Axis& axis : definition.axes) keys.push_back(axis.key);
  EXPECT_THAT(keys, ElementsAre("train.lr", "model.name", "split.fold", "train.seed"));
  EXPECT_EQ(definition.axes[0].values[1].text, "0.0001");
  EXPECT_EQ(definition.axes[1].values[0].toml, "\"lstm\"");
  EXPECT_EQ(definition.axes[1].values[0].text, "lstm");
}

TEST(Definition, ComesFromTheNearestFileThatHasOne) {
  const SweepFile base("[sweep]\ndir = \"study\"\nseeds = [3]\n");
  const testing_support::TemporaryFolder folder;
  const auto file = folder.path() / "small.toml";
  std::ofstream(file) << "extends = \"" << base.path().string() << "\"\n[train]\nepochs = 2\n";
  const Definition definition = read_definition(file, {"sweep.dir=other folder", "sweep.seeds=[4, 5]"});
  EXPECT_EQ(definition.dir, "other folder");
  EXPECT_EQ(definition.axes.at(0).values.size(), 2U);
}

TEST(Definition, IsPassedOverByOtherCommands) {
  const SweepFile file("[sweep]\ndir = \"study\"\nseeds = [3]\n");
  EXPECT_EQ(config::load(file.path(), {}).run.dir, "unused");
}

TEST(Definition, NamesEveryError) {
  EXPECT_THAT(error_of(""), HasSubstr("has no [sweep]"));
  EXPECT_THAT(error_of("[sweep]\nseeds = [1]\n"), HasSubstr("sweep.dir: not set"));
  EXPECT_THAT(error_of("[sweep]\ndir = \"d\"\nseeds = []\n[sweep.grid]\ntrain.lr = []\n"),
              AllOf(HasSubstr("sweep.seeds: found no values"),
                    HasSubstr("sweep.toml:7: sweep.grid: train.lr: found no values, expected a list")));
  EXPECT_THAT(error_of("[sweep]\ndir = \"d\"\n[sweep.grid]\nmodel.nam = [\"cnn\"]\n"),
              HasSubstr("model.nam: no key of a configuration; did you mean model.name?"));
  EXPECT_THAT(error_of("[sweep]\ndir = \"d\"\nseed = [1]\n"), HasSubstr("did you mean sweep.seeds?"));
  EXPECT_THAT(error_of("[sweep]\ndir = \"d\"\n[sweep.grid]\nrun.dir = [\"a\"]\n"),
              HasSubstr("run folder of its own"));
  EXPECT_THAT(error_of("[sweep]\ndir = \"d\"\n[[sweep.variant]]\ntrain.lr = 1.0\n"),
              HasSubstr("found no name"));
  EXPECT_THAT(error_of("[sweep]\ndir = \"d\"\n[sweep.random]\ntrain.lr = { log_uniform = [0.0, 1.0] }\n"),
              AllOf(HasSubstr("found no cells"), HasSubstr("with low above 0")));
  EXPECT_THAT(error_of("[sweep]\ndir = \"d\"\n", {"sweep.ranks=none"}),
              HasSubstr("sweep.ranks: found the string"));
}

}  // namespace
}  // namespace chorale::sweep
