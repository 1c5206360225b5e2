#include "sweep/study/study.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/folder_lock.hpp"
#include "unit/sweep/sweep_file.hpp"

namespace chorale::sweep {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class StudyTest : public testing::Test {
 protected:
  std::vector<Cell> cells(const std::string& seeds, const std::vector<std::string>& overrides = {}) const {
    const SweepFile file("[sweep]\ndir = \"" + dir().string() + "\"\nseeds = " + seeds + "\n");
    return file.cells(overrides);
  }
  fs::path dir() const { return folder_.path() / "study"; }
  Study study() const { return Study(dir()); }

  std::string refusal(const std::vector<Cell>& cells) const {
    try {
      study().open(cells);
    } catch (const StudyError& error) {
      return error.what();
    }
    return "none";
  }

 private:
  testing_support::TemporaryFolder folder_;
};

TEST_F(StudyTest, HandsOutEachCellOnce) {
  const auto all = cells("[1, 2]");
  study().open(all);
  auto first = study().claim(all), second = study().claim(all);
  ASSERT_NE(first, nullptr);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(first->cell(), "seed-1");
  EXPECT_EQ(second->cell(), "seed-2");
  EXPECT_EQ(study().claim(all), nullptr);
  study().finish(*first, {.cell = "seed-1", .seconds = 2.5, .host = "here"});
  first.reset();
  EXPECT_EQ(study().claim(all), nullptr);
  EXPECT_EQ(study().outcome("seed-1")->seconds, 2.5);
  EXPECT_FALSE(study().outcome("seed-2"));
  second->release();
  second.reset();
  EXPECT_EQ(study().claim(all)->cell(), "seed-2");
}

TEST_F(StudyTest, TriesFailedCellsAgainWhenAsked) {
  const auto all = cells("[1]");
  study().open(all);
  {
    auto claim = study().claim(all);
    study().finish(*claim, {.cell = "seed-1", .failed = true, .error = "loss is not finite"});
  }
  EXPECT_EQ(study().outcome("seed-1")->error, "loss is not finite");
  EXPECT_EQ(study().claim(all), nullptr);
  study().forget_failures(all);
  EXPECT_NE(study().claim(all), nullptr);
}

TEST_F(StudyTest, GivesACellUpThatEveryProcessDiesOn) {
  const auto all = cells("[1, 2]");
  study().open(all);
  for (int death = 0; death < 5; ++death) {
    ASSERT_EXIT(
        {
          auto claim = study().claim(all).release();
          ::_exit(claim->cell() == "seed-1" ? 7 : 1);
        },
        testing::ExitedWithCode(7), "");
  }
  auto next = study().claim(all);
  EXPECT_EQ(next->cell(), "seed-2");
  EXPECT_TRUE(study().outcome("seed-1")->failed);
  EXPECT_THAT(study().outcome("seed-1")->error, HasSubstr("5 processes have died on it"));
  study().forget_failures(all);
  const auto again = study().claim(all);
  EXPECT_EQ(again->cell(), "seed-1");
  EXPECT_EQ(again->number(), 1);
}

// Deaths count from the last checkpoint on: who is killed again and again, but gets on, goes on.
TEST_F(StudyTest, DoesNotGiveACellUpThatGetsOn) {
  const auto all = cells("[1]");
  study().open(all);
  const fs::path checkpoints = fs::path(all.front().experiment.run.dir) / "checkpoints";
  const auto die = [&](const std::string& saving) {
    ASSERT_EXIT(
        {
          auto* claim = study().claim(all).release();
          fs::create_directories(checkpoints / saving);
          runtime::write_file(checkpoints / saving / "state.json", "{}");
          ::_exit(claim == nullptr ? 1 : 7);
        },
        testing::ExitedWithCode(7), "");
  };
  for (const char* saving : {"epoch-1", "epoch-2", "epoch-3", "epoch-4", "epoch-5", "epoch-6"}) die(saving);
  // Now each dies while it saves.
  for (int death = 0; death < 5; ++death) die("epoch-7.partial");
  EXPECT_EQ(study().claim(all), nullptr);
  EXPECT_THAT(study().outcome("seed-1")->error, HasSubstr("5 processes have died on it"));
}

TEST_F(StudyTest, WritesNoOutcomeOfACellThatWasTakenOver) {
  const auto all = cells("[1]");
  study().open(all);
  auto claim = study().claim(all);
  runtime::write_file(study().cells() / "seed-1.claim-2", this_process().to_json());
  study().finish(*claim, {.cell = "seed-1"});
  EXPECT_FALSE(study().outcome("seed-1"));
  EXPECT_TRUE(fs::exists(study().cells() / "seed-1.claim-2"));
}

// Of another machine, which does not touch it any more: it is void in the end, and the wait is over.
TEST_F(StudyTest, WaitsForACellWhoseOwnerHasDiedElsewhere) {
  const auto all = cells("[1]");
  study().open(all);
  Owner owner = this_process();
  owner.place = "another boot";
  ::setenv("CHORALE_CLAIM_TIMEOUT_S", "3", 1);
  runtime::write_file(study().cells() / "seed-1.claim-1", owner.to_json());
  EXPECT_EQ(study().claim(all), nullptr);
  study().await_signs_of_life(all);
  EXPECT_NE(study().claim(all), nullptr);
  ::unsetenv("CHORALE_CLAIM_TIMEOUT_S");
}

TEST_F(StudyTest, KeepsTheOrderOfItsCellsAndWhatTheyRepeat) {
  const SweepFile file("[sweep]\ndir = \"" + dir().string() +
                       "\"\nseeds = [2, 1]\n[sweep.grid]\nmodel.name = [\"lstm\", \"cnn\"]\n");
  study().open(file.cells());
  EXPECT_EQ(runtime::read_file(study().cells() / "index.csv"),
            "cell,experiment\nlstm_seed-2,lstm\nlstm_seed-1,lstm\ncnn_seed-2,cnn\ncnn_seed-1,cnn\n");
}

TEST_F(StudyTest, LeavesARunFolderAloneThatSomebodyWorksOn) {
  const auto all = cells("[1]");
  study().open(all);
  fs::create_directories(all.front().experiment.run.dir);
  {
    const auto lock = runtime::FolderLock::acquire(all.front().experiment.run.dir);
    EXPECT_EQ(study().claim(all), nullptr);
  }
  EXPECT_NE(study().claim(all), nullptr);
}

TEST_F(StudyTest, GrowsButIsOfOneSweep) {
  study().open(cells("[1, 2]"));
  EXPECT_EQ(refusal(cells("[1, 2, 3]")), "none");
  EXPECT_THAT(refusal(cells("[1, 2]")), AllOf(HasSubstr("another sweep"), HasSubstr("seed-3: is no cell")));
  EXPECT_THAT(refusal(cells("[1, 2, 3]", {"train.lr=0.5"})),
              HasSubstr("seed-1: train.lr: 0.5 here, 0.0001 there"));
}

}  // namespace
}  // namespace chorale::sweep
