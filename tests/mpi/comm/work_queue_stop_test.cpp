// Rank STOPPING_RANK alone gets a stop signal while every rank is in the middle of an item.
#include <gtest/gtest.h>

#include <csignal>
#include <numeric>
#include <vector>

#include "mpi/mpi_main.hpp"
#include "pipeline/comm/mpi_communicator.hpp"
#include "pipeline/comm/work_queue.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::comm {
namespace {

using testing_support::mpi_session;

TEST(WorkQueueStop, ReachesEveryRankInTheMiddleOfItsItem) {
  runtime::install_stop_signals();
  std::vector<std::size_t> order(1000);
  std::iota(order.begin(), order.end(), 0UL);
  const auto comm = make_mpi_communicator(mpi_session());
  WorkQueue queue(mpi_session(), order);
  ASSERT_TRUE(queue.next().has_value());
  // Until all have their item, rank 0 hands them out.
  std::vector<float> ready(1);
  const auto all_ready = comm->start_allreduce(buffer(std::span(ready)));
  // A rank that learns of it late may find the stop here already.
  while (!all_ready->test() && !queue.poll()) continue;
  if (mpi_session().rank() == STOPPING_RANK) std::raise(SIGTERM);
  // The item has no end of its own: only the stop leads out of it.
  while (!queue.poll()) continue;
  EXPECT_TRUE(queue.stopped());
  EXPECT_FALSE(queue.next().has_value());
  EXPECT_EQ(runtime::stop_requested(), mpi_session().rank() == STOPPING_RANK);
}

}  // namespace
}  // namespace chorale::comm
