#include "pipeline/comm/work_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <sstream>

#include "mpi/mpi_main.hpp"

namespace chorale::comm {
namespace {

using testing_support::mpi_session;

std::vector<std::size_t> backwards(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.rbegin(), order.rend(), 0UL);
  return order;
}

std::vector<std::size_t> take_all(WorkQueue& queue) {
  std::vector<std::size_t> mine;
  while (const auto item = queue.next()) {
    mine.push_back(*item);
    EXPECT_FALSE(queue.poll());
  }
  return mine;
}

// The items of all ranks, sorted; on rank 0.
std::vector<std::size_t> gather_sorted(const std::vector<std::size_t>& mine) {
  std::ostringstream text;
  for (const std::size_t item : mine) text << item << ' ';
  std::vector<std::size_t> all;
  for (const std::string& part : mpi_session().gather(text.str())) {
    std::istringstream in(part);
    for (std::size_t item; in >> item;) all.push_back(item);
  }
  std::sort(all.begin(), all.end());
  return all;
}

TEST(WorkQueue, EveryItemGoesToExactlyOneRank) {
  for (const std::size_t items : {0UL, 1UL, 4UL, 500UL}) {
    WorkQueue queue(mpi_session(), backwards(items));
    const auto mine = take_all(queue);
    EXPECT_FALSE(queue.stopped());
    EXPECT_FALSE(queue.next().has_value()) << "nothing stays nothing";
    EXPECT_TRUE(std::is_sorted(mine.rbegin(), mine.rend())) << "handed out in the order given";
    const auto all = gather_sorted(mine);
    if (mpi_session().rank() != 0) continue;
    std::vector<std::size_t> expected(items);
    std::iota(expected.begin(), expected.end(), 0UL);
    EXPECT_EQ(all, expected);
  }
}

TEST(WorkQueue, TwoQueuesDoNotMixTheirMessages) {
  WorkQueue first(mpi_session(), backwards(20)), second(mpi_session(), backwards(30));
  const auto of_second = gather_sorted(take_all(second));
  const auto of_first = gather_sorted(take_all(first));
  if (mpi_session().rank() != 0) return;
  EXPECT_EQ(of_first.size(), 20U);
  EXPECT_EQ(of_second.size(), 30U);
}

// A rank that fails unwinds without waiting, and the others can still finish and notice.
TEST(WorkQueue, ARankThatLeavesByAnExceptionDoesNotHoldUpTheOthers) {
  const int leaver = mpi_session().size() - 1;
  if (leaver == 0) return;  // alone there are no others
  std::vector<std::size_t> mine;
  try {
    WorkQueue queue(mpi_session(), backwards(50));
    if (mpi_session().rank() == leaver) {
      queue.next();
      throw std::runtime_error("a broken rank");
    }
    mine = take_all(queue);
  } catch (const std::runtime_error&) {
    EXPECT_EQ(mpi_session().rank(), leaver);
  }
  const auto all = gather_sorted(mine);
  if (mpi_session().rank() == 0) {
    EXPECT_GE(all.size(), 49U);
  }
}

}  // namespace
}  // namespace chorale::comm
