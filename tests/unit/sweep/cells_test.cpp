#include "sweep/plan/cells.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>
#include <set>

#include "unit/sweep/sweep_file.hpp"

namespace chorale::sweep {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Cells, AreEveryCombinationWithSeedsInnermost) {
  const SweepFile file(
      "[sweep]\ndir = \"study\"\nseeds = [0, 7]\n[sweep.grid]\nmodel.name = [\"cnn\", \"lstm\"]\n"
      "train.slice_seconds = [1, 3.5]\n");
  const auto cells = file.cells({"train.epochs=5"});
  EXPECT_THAT(names_of(cells), ElementsAre("cnn_slice_seconds-1_seed-0", "cnn_slice_seconds-1_seed-7",
                                           "cnn_slice_seconds-3.5_seed-0", "cnn_slice_seconds-3.5_seed-7",
                                           "lstm_slice_seconds-1_seed-0", "lstm_slice_seconds-1_seed-7",
                                           "lstm_slice_seconds-3.5_seed-0", "lstm_slice_seconds-3.5_seed-7"));
  const config::Experiment& last = cells.back().experiment;
  EXPECT_EQ(last.model.name, "lstm");
  EXPECT_EQ(last.model.units, 256);  // the defaults are those of the cell's model
  EXPECT_EQ(last.train.slice_seconds, 3.5);
  EXPECT_EQ(last.train.seed, 7);
  EXPECT_EQ(last.train.epochs, 5);
  EXPECT_EQ(last.run.dir, "study/runs/lstm_slice_seconds-3.5_seed-7");
}

TEST(Cells, VariantsSetSeveralKeys) {
  const SweepFile file(
      "[sweep]\ndir = \"study\"\n[[sweep.variant]]\nname = \"base line\"\n"
      "[[sweep.variant]]\nname = \"small_one\"\nmodel.channels = [8, 16]\ntrain.lr = 0.01\n");
  const auto cells = file.cells();
  EXPECT_THAT(names_of(cells), ElementsAre("base-line", "small_one"));
  EXPECT_EQ(cells[0].experiment.train.lr, 1e-4);
  EXPECT_EQ(cells[1].experiment.train.lr, 0.01);
  EXPECT_THAT(*cells[1].experiment.model.channels, ElementsAre(8, 16));
}

TEST(Cells, AreDrawnInTheirRangeAndAlwaysTheSame) {
  const auto text = [](int n) {
    return "[sweep]\ndir = \"study\"\n[sweep.random]\nseed = 4\ncells = " + std::to_string(n) +
           "\ntrain.lr = { log_uniform = [1e-5, 1e-1] }\ntrain.batch_size = { uniform = [8, 64] }\n"
           "train.optimizer = { choice = [\"adam\", \"sgd\"] }\n";
  };
  const auto cells = SweepFile(text(200)).cells();
  ASSERT_EQ(cells.size(), 200U);
  int below_middle = 0;
  std::set<config::Optimizer> optimizers;
  for (const Cell& cell : cells) {
    const auto& train = cell.experiment.train;
    EXPECT_GE(train.lr, 1e-5);
    EXPECT_LE(train.lr, 1e-1);
    EXPECT_GE(train.batch_size, 8);
    EXPECT_LE(train.batch_size, 64);
    optimizers.insert(train.optimizer);
    below_middle += train.lr < 1e-3;
  }
  EXPECT_EQ(optimizers.size(), 2U);
  EXPECT_NEAR(below_middle, 100, 30);  // half of them in logarithms; 30 is more than four standard deviations
  const auto fewer = SweepFile(text(3)).cells();
  for (std::size_t i = 0; i < fewer.size(); ++i)
    EXPECT_EQ(fewer[i].experiment.train.lr, cells[i].experiment.train.lr);
}

TEST(Cells, DrawnTwiceAreOne) {
  const SweepFile file(
      "[sweep]\ndir = \"study\"\n[sweep.random]\ncells = 20\n"
      "train.optimizer = { choice = [\"adam\", \"sgd\"] }\n");
  EXPECT_EQ(file.cells().size(), 2U);
}

TEST(Cells, WithTheSameConfigurationAreRefused) {
  const SweepFile twice("[sweep]\ndir = \"study\"\n[sweep.grid]\ntrain.lr = [1e-3, 0.001]\n");
  const SweepFile overridden("[sweep]\ndir = \"study\"\n[sweep.grid]\ntrain.lr = [1e-3, 1e-4]\n");
  const auto message = [](const SweepFile& file, const std::vector<std::string>& overrides) -> std::string {
    try {
      file.cells(overrides);
    } catch (const config::ConfigError& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_THAT(message(twice, {}), HasSubstr("cells lr-0.001 and lr-0.001 have the same configuration"));
  EXPECT_THAT(message(overridden, {"train.lr=0.1"}),
              HasSubstr("command line: train.lr=0.1: the sweep varies this key"));
}

TEST(Cells, KeepTheirNamesWhenAnAxisGrows) {
  const std::string sweep =
      "[sweep]\ndir = \"study\"\n[sweep.grid]\ntrain.lr = [0.1, 0.2]\ntrain.batch_size = [8]\n";
  const SweepFile file(sweep);
  const auto grown = make_cells(file.definition({"sweep.grid.train.batch_size=[8, 16]"}), file.path(), {});
  EXPECT_THAT(names_of(grown), testing::ElementsAre("lr-0.1_batch_size-8", "lr-0.1_batch_size-16",
                                                    "lr-0.2_batch_size-8", "lr-0.2_batch_size-16"));
}

TEST(Cells, KnowWhichExperimentTheyRepeat) {
  const SweepFile file(
      "[sweep]\ndir = \"study\"\nseeds = [1]\n[sweep.grid]\nsplit.seed = [0, 1]\nmodel.name = [\"cnn\"]\n");
  for (const Cell& cell : file.cells()) EXPECT_EQ(cell.repeats, "cnn") << cell.name;
}

TEST(Cells, AreRefusedWhenTwoPartsOfASweepVaryOneKey) {
  const SweepFile file("[sweep]\ndir = \"study\"\nseeds = [1]\n[sweep.grid]\ntrain.seed = [2]\n");
  EXPECT_THAT([&] { file.cells(); }, testing::ThrowsMessage<config::ConfigError>(
                                         HasSubstr("train.seed: two parts of the sweep vary it")));
}

TEST(Cells, SayWhereAValueIsWrongOnceForAll) {
  const SweepFile file("[sweep]\ndir = \"study\"\nseeds = [1, 2]\n[sweep.grid]\nmodel.name = [\"cmm\"]\n");
  try {
    file.cells();
    FAIL() << "no error";
  } catch (const config::ConfigError& error) {
    const std::string text = error.what();
    EXPECT_THAT(text, AllOf(HasSubstr("sweep.toml, [sweep]: model.name"), HasSubstr("cmm")));
    EXPECT_EQ(text.find("cmm"), text.rfind("cmm"));
  }
}

TEST(Cells, OfEveryShippedAblationAreValid) {
  const char* source = std::getenv("CHORALE_SOURCE");
  ASSERT_NE(source, nullptr) << "run the test through ctest";
  std::map<std::string, std::size_t> sizes;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(source) / "configs/ablations")) {
    sizes[entry.path().stem().string()] =
        make_cells(read_definition(entry.path(), {}), entry.path(), {}).size();
  }
  EXPECT_THAT(sizes, testing::UnorderedElementsAre(
                         testing::Pair("representation", 3 * 3), testing::Pair("architecture", 4 * 3),
                         testing::Pair("augmentation", 7 * 3), testing::Pair("hyperparameters", 9 * 3),
                         testing::Pair("musicgenrepulse", 4 * 4 * 3), testing::Pair("leak", 3 * 5),
                         testing::Pair("esc10", 6 * 5)));
}

}  // namespace
}  // namespace chorale::sweep
