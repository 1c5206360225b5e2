// What mpirun's caller sees when the ranks of a job end well, badly, together or alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "support/process.hpp"

namespace chorale::testing_support {
namespace {

using testing::HasSubstr;
using testing::Not;

// CHORALE_ENDINGS and CHORALE_MPIEXEC are set by CMake.
Finished end_as(const std::string& ending, int ranks = 3, const std::string& option = "--oversubscribe") {
  return run(
      {CHORALE_MPIEXEC, "-n", std::to_string(ranks), "--oversubscribe", option, CHORALE_ENDINGS, ending});
}

// With it, mpirun leaves the other ranks alone when one dies, as srun --kill-on-bad-exit=0 does.
const std::string kIndifferent = "--enable-recovery";

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Endings, SuccessIsSilent) {
  const Finished job = end_as("well");
  EXPECT_EQ(job.exit_status, 0);
  EXPECT_EQ(job.err, "");
}

TEST(Endings, AnErrorOfAllRanksIsPrintedOnce) {
  const Finished job = end_as("all-usage");
  EXPECT_EQ(job.exit_status, 2);
  EXPECT_EQ(count(job.err, "endings: error: no such key\n"), 1U) << job.err;
  EXPECT_EQ(count(job.err, "no such key"), 1U) << job.err;
}

TEST(Endings, OneRankThatFailsIsNamedWhenTheOthersReturn) {
  const Finished job = end_as("one-fails-others-return");
  EXPECT_EQ(job.exit_status, 1);
  EXPECT_THAT(job.err, HasSubstr("endings: error: rank 2 of 3 on "));
  EXPECT_EQ(count(job.err, "disk full"), 1U) << job.err;
}

TEST(Endings, OneRankThatFailsEndsTheJobWhenTheOthersWaitForIt) {
  const Finished job = end_as("one-fails-others-wait");
  EXPECT_EQ(job.exit_status, 2);
  EXPECT_THAT(job.err, HasSubstr("endings: error: rank 2 of 3 on "));
  EXPECT_EQ(count(job.err, "disk full"), 1U) << job.err;
}

TEST(Endings, AKilledRankEndsTheJob) {
  const Finished job = end_as("killed-2-wait");
  EXPECT_EQ(job.exit_status, 128 + SIGKILL);
}

TEST(Endings, AKilledRankIsNamedByTheOthersWhichEnd) {
  for (const std::string ending : {"killed-0-wait", "killed-1-wait", "killed-2"}) {
    const auto start = std::chrono::steady_clock::now();
    const Finished job = end_as(ending, 3, kIndifferent);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30)) << ending;
    EXPECT_EQ(count(job.err, std::string("error: rank ") + ending[7] + " of 3 ("), 2U) << job.err;
    EXPECT_EQ(count(job.err, ") died"), 2U) << job.err;
  }
}

TEST(Endings, DifferentErrorsAreAllPrinted) {
  const Finished job = end_as("each-its-own");
  EXPECT_EQ(job.exit_status, 1);
  for (const std::string rank : {"0", "1", "2"}) {
    EXPECT_THAT(job.err, testing::ContainsRegex("rank " + rank + " of 3 on [^:]*: trouble " + rank))
        << job.err;
  }
}

TEST(Endings, InterruptedIsTryAgainForTheWholeJob) {
  for (const std::string ending : {"all-interrupted", "one-interrupted"}) {
    const Finished job = end_as(ending);
    EXPECT_EQ(job.exit_status, 75) << ending;
    EXPECT_EQ(count(job.err, "run the same command again"), 1U) << job.err;
    EXPECT_THAT(job.err, Not(HasSubstr("error:")));
  }
}

TEST(Endings, NothingThrownEverTerminates) {
  const Finished memory = end_as("out-of-memory", 2);
  EXPECT_EQ(memory.exit_status, 1);
  EXPECT_THAT(memory.err, HasSubstr("endings: error: out of memory"));
  const Finished thrown = end_as("not-an-exception", 1);
  EXPECT_EQ(thrown.exit_status, 1);
  EXPECT_THAT(thrown.err, HasSubstr("endings: error: "));
}

TEST(Endings, AnExitStatusWithoutMessagePassesThrough) { EXPECT_EQ(end_as("status-3", 2).exit_status, 3); }

}  // namespace
}  // namespace chorale::testing_support
