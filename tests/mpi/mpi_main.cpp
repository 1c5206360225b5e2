// A GoogleTest main with an MPI session. Rank 0 reports as usual; the other ranks report failures alone, at
// once, and name themselves. All ranks end with the same exit status.
#include "mpi/mpi_main.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "pipeline/runtime/log.hpp"

namespace chorale::testing_support {
namespace {

const comm::MpiSession* current_session = nullptr;

class FailuresOnly : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo& info) override { test_ = &info; }

  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    std::fprintf(
        stderr, "[Rank %d/%d] %s.%s: %s:%d: Failure\n%s\n", mpi_session().rank(), mpi_session().size(),
        test_ != nullptr ? test_->test_suite_name() : "", test_ != nullptr ? test_->name() : "",
        result.file_name() != nullptr ? result.file_name() : "?", result.line_number(), result.message());
  }

  const testing::TestInfo* test_ = nullptr;
};

bool enough_ranks(const comm::MpiSession& session) {
  const char* expected = std::getenv("CHORALE_EXPECT_RANKS");
  if (expected == nullptr || std::atoi(expected) == session.size()) return true;
  std::fprintf(stderr, "[Rank %d/%d] this test needs %s ranks\n", session.rank(), session.size(), expected);
  return false;
}

}  // namespace

const comm::MpiSession& mpi_session() { return *current_session; }

}  // namespace chorale::testing_support

int main(int argc, char** argv) {
  using namespace chorale;
  testing::InitGoogleTest(&argc, argv);
  const comm::MpiSession session(&argc, &argv);
  testing_support::current_session = &session;
  runtime::init_log(session.rank(), session.size());
  if (!testing_support::enough_ranks(session)) return 1;
  if (session.rank() != 0) {
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new testing_support::FailuresOnly);
  }
  const int failed = RUN_ALL_TESTS();
  return session.max(failed) != 0 ? 1 : 0;
}
