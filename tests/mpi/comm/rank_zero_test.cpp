#include "pipeline/comm/rank_zero.hpp"

#include <gmock/gmock.h>

#include "mpi/mpi_main.hpp"

namespace chorale::comm {
namespace {

using testing_support::mpi_session;

struct OwnError : runtime::UsageError {
  using UsageError::UsageError;
};

TEST(FromRankZero, RunsThereAndReturnsEverywhere) {
  const auto who = [] { return std::to_string(mpi_session().rank()) + std::string(1, '\0') + "x"; };
  EXPECT_EQ(from_rank_zero(mpi_session(), who), std::string("0\0x", 3));
}

TEST(FromRankZero, AnErrorIsThrownByAllWithItsMessageAndExitStatus) {
  const auto usage_error = [&]() -> std::string { throw OwnError("no such folder"); };
  try {
    from_rank_zero(mpi_session(), usage_error);
    ADD_FAILURE();
  } catch (const runtime::UsageError& error) {
    EXPECT_STREQ(error.what(), "no such folder");
  }
  const auto bad_alloc = [&]() -> std::string { throw std::bad_alloc(); };
  if (mpi_session().rank() == 0) {
    EXPECT_THROW(from_rank_zero(mpi_session(), bad_alloc), std::bad_alloc);
  } else {
    EXPECT_THROW(from_rank_zero(mpi_session(), bad_alloc), runtime::Error);
  }
}

}  // namespace
}  // namespace chorale::comm
