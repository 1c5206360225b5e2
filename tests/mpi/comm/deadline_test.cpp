#include <gmock/gmock.h>

#include <cstdlib>
#include <vector>

#include "mpi/mpi_main.hpp"
#include "pipeline/comm/mpi_communicator.hpp"

namespace chorale::comm {
namespace {

using testing_support::mpi_session;

TEST(CollectiveDeadline, NamesTheRankAndWhatItWaitedFor) {
  ::setenv("CHORALE_COLLECTIVE_TIMEOUT_S", "0.2", 1);
  const auto comm = make_mpi_communicator(mpi_session());
  std::vector<float> values(12, 1.0F);
  if (mpi_session().rank() == 1) {
    try {
      comm->allreduce(buffer(std::span(values)));
      ADD_FAILURE() << "rank 0 has not taken part yet";
    } catch (const MpiError& error) {
      EXPECT_THAT(error.what(),
                  testing::HasSubstr("rank 1 of 2: all-reduce, collective number 1 (12 elements)"));
      EXPECT_THAT(error.what(), testing::HasSubstr("CHORALE_COLLECTIVE_TIMEOUT_S"));
    }
  }
  mpi_session().barrier();  // rank 0 comes late
  if (mpi_session().rank() == 0) {
    EXPECT_NO_THROW(comm->allreduce(buffer(std::span(values))));
  }
  mpi_session().barrier();
}

TEST(CollectiveDeadline, MustBeANumber) {
  ::setenv("CHORALE_COLLECTIVE_TIMEOUT_S", "soon", 1);
  EXPECT_THROW(make_mpi_communicator(mpi_session()), runtime::UsageError);
}

}  // namespace
}  // namespace chorale::comm
