#include "sweep/study/claim.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/signals.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::sweep {
namespace {

namespace fs = std::filesystem;

class ClaimTest : public testing::Test {
 protected:
  const fs::path& folder() const { return folder_.path(); }

  // Leaves a claim behind as a process would that was killed.
  void claim_in_a_process_that_dies() const {
    const pid_t child = ::fork();
    if (child == 0) {
      auto claim = Claim::make(folder(), "cell").release();
      ::_exit(claim == nullptr ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }

  void of_another_machine(double seconds_ago) const {
    Owner owner = this_process();
    owner.host = "elsewhere";
    owner.place = "another boot";
    const fs::path path = folder() / "cell.claim-1";
    std::ofstream(path) << owner.to_json();
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec -= static_cast<time_t>(seconds_ago);
    const std::array<timespec, 2> times{now, now};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0);
  }

 private:
  testing_support::TemporaryFolder folder_;
};

TEST_F(ClaimTest, IsOfOneAtATime) {
  auto first = Claim::make(folder(), "cell");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->number(), 1);
  EXPECT_EQ(Claim::make(folder(), "cell"), nullptr);
  EXPECT_NE(Claim::make(folder(), "cell-2"), nullptr);
  const ClaimState state = look(folder(), "cell");
  EXPECT_TRUE(state.holds);
  EXPECT_EQ(state.owner, this_process());
  first->release();
  first.reset();
  EXPECT_NE(Claim::make(folder(), "cell"), nullptr);
}

TEST_F(ClaimTest, OfADeadProcessIsVoidAtOnce) {
  claim_in_a_process_that_dies();
  EXPECT_FALSE(look(folder(), "cell").holds);
  const auto claim = Claim::make(folder(), "cell");
  ASSERT_NE(claim, nullptr);
  EXPECT_EQ(claim->number(), 2);
  EXPECT_EQ(Claim::make(folder(), "cell"), nullptr);
}

TEST_F(ClaimTest, OfAnotherMachineHoldsUntilNothingIsHeardOfIt) {
  of_another_machine(60);
  EXPECT_EQ(Claim::make(folder(), "cell"), nullptr);
  of_another_machine(claim_timeout().count() + 1);
  EXPECT_NE(Claim::make(folder(), "cell"), nullptr);
}

TEST_F(ClaimTest, WrittenByHalfHolds) {
  std::ofstream(folder() / "cell.claim-1") << "{\"host\": \"el";
  EXPECT_EQ(Claim::make(folder(), "cell"), nullptr);
}

// Sixteen processes that all want a cell whose owner has died.
TEST_F(ClaimTest, OfADeadProcessGoesToOneOfMany) {
  claim_in_a_process_that_dies();
  constexpr int kProcesses = 16;
  std::array<int, 2> gate{}, tried{}, ending{};
  ASSERT_EQ(::pipe(gate.data()), 0);
  ASSERT_EQ(::pipe(tried.data()), 0);
  ASSERT_EQ(::pipe(ending.data()), 0);
  std::array<pid_t, kProcesses> children{};
  for (pid_t& child : children) {
    child = ::fork();
    if (child != 0) continue;
    ::close(gate[1]);
    ::close(ending[1]);
    char byte = 0;
    const auto opened = ::read(gate[0], &byte, 1);  // returns when the parent closes it
    const auto* claim = Claim::make(folder(), "cell").release();
    const auto told = ::write(tried[1], "t", 1);
    const auto ended = ::read(ending[0], &byte, 1);  // a claim of a process that has ended would be void
    ::_exit(opened == 0 && told == 1 && ended == 0 && claim != nullptr ? 1 : 0);
  }
  ::close(gate[1]);
  for (int i = 0; i < kProcesses; ++i) {
    char byte = 0;
    ASSERT_EQ(::read(tried[0], &byte, 1), 1);
  }
  ::close(ending[1]);
  int claimed = 0;
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    claimed += WEXITSTATUS(status);
  }
  EXPECT_EQ(claimed, 1);
}

// In a process of its own, which is told to stop.
TEST_F(ClaimTest, ThatIsTakenOverStopsItsOwner) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("CHORALE_CLAIM_TIMEOUT_S", "0.08", 1);
    auto claim = Claim::make(folder(), "cell");
    std::ofstream(folder() / "cell.claim-2") << this_process().to_json();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!runtime::stop_requested() && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    claim.reset();
    ::_exit(runtime::stop_requested() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(ClaimTest, IsTouchedWhileItIsHeld) {
  ::setenv("CHORALE_CLAIM_TIMEOUT_S", "0.08", 1);
  const auto claim = Claim::make(folder(), "cell");
  const auto made = fs::last_write_time(folder() / "cell.claim-1");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (fs::last_write_time(folder() / "cell.claim-1") == made &&
         std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  ::unsetenv("CHORALE_CLAIM_TIMEOUT_S");
  EXPECT_GT(fs::last_write_time(folder() / "cell.claim-1"), made);
}

TEST_F(ClaimTest, IsNoMoreItsOwnersWhenAnotherHasIt) {
  const auto claim = Claim::make(folder(), "cell");
  EXPECT_TRUE(claim->is_mine());
  Owner other = this_process();
  other.process += 1;
  std::ofstream(folder() / "cell.claim-1") << other.to_json();  // finished, tried again
  EXPECT_FALSE(claim->is_mine());
  claim->release();
  EXPECT_TRUE(fs::exists(folder() / "cell.claim-1"));
}

TEST_F(ClaimTest, IsNotMadeUnderAWrongTimeout) {
  ::setenv("CHORALE_CLAIM_TIMEOUT_S", "5m", 1);
  EXPECT_THROW(Claim::make(folder(), "cell"), runtime::UsageError);
  ::unsetenv("CHORALE_CLAIM_TIMEOUT_S");
  EXPECT_TRUE(fs::is_empty(folder()));
}

TEST(ClaimTimeout, IsAPositiveNumber) {
  for (const char* wrong : {"", "0", "-3", "soon", "5s"}) {
    ::setenv("CHORALE_CLAIM_TIMEOUT_S", wrong, 1);
    EXPECT_THROW(claim_timeout(), runtime::UsageError) << wrong;
  }
  ::unsetenv("CHORALE_CLAIM_TIMEOUT_S");
}

TEST(Owner, IsKnownAgain) {
  const Owner owner = this_process();
  EXPECT_EQ(owner.process, ::getpid());
  EXPECT_FALSE(has_ended(owner));
  EXPECT_EQ(Owner::from_json(owner.to_json()), owner);
  Owner earlier = owner;  // the number was another process's before
  earlier.started -= 1;
  EXPECT_TRUE(has_ended(earlier));
  earlier.place = "another boot";
  EXPECT_FALSE(has_ended(earlier));
}

}  // namespace
}  // namespace chorale::sweep
