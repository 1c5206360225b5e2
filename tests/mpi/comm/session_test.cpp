#include <gmock/gmock.h>

#include "mpi/mpi_main.hpp"
#include "pipeline/comm/outcome.hpp"

namespace chorale::comm {
namespace {

using testing_support::mpi_session;

TEST(MpiSession, KnowsItsPlace) {
  EXPECT_EQ(mpi_session().size(), 3);
  EXPECT_EQ(mpi_session().local_size(), 3);
  EXPECT_EQ(mpi_session().local_rank(), mpi_session().rank());
}

TEST(MpiSession, BroadcastsTextOfAnyLengthFromAnyRoot) {
  for (const std::size_t length : {0UL, 1UL, 100'000UL}) {
    for (int root = 0; root < mpi_session().size(); ++root) {
      const std::string text = mpi_session().rank() == root ? std::string(length, 'x') : "something else";
      EXPECT_EQ(mpi_session().broadcast(text, root), std::string(length, 'x'));
    }
  }
}

TEST(MpiSession, GathersInTheOrderOfRanks) {
  const std::string mine(static_cast<std::size_t>(2 * mpi_session().rank()), 'a');  // rank 0: empty
  const auto texts = mpi_session().gather(mine, 1);
  if (mpi_session().rank() == 1) {
    EXPECT_THAT(texts, testing::ElementsAre("", "aa", "aaaa"));
  } else {
    EXPECT_THAT(texts, testing::IsEmpty());
  }
}

TEST(MpiSession, ReducesNumbers) {
  EXPECT_EQ(mpi_session().max(-mpi_session().rank()), 0);
  EXPECT_EQ(mpi_session().max(std::int64_t{1} << 40), std::int64_t{1} << 40);
  EXPECT_EQ(mpi_session().sum(0.5), 1.5);
}

TEST(MpiSession, DividesIntoGroupsThatWorkByThemselves) {
  const int rank = mpi_session().rank();
  const MpiSession group(mpi_session(), rank == 1 ? 0 : 7);  // rank 1 by itself, 0 and 2 together
  EXPECT_EQ(group.size(), rank == 1 ? 1 : 2);
  EXPECT_EQ(group.rank(), rank == 2 ? 1 : 0);
  EXPECT_EQ(group.local_rank(), rank);  // which GPU is its own
  EXPECT_EQ(group.sum(rank), rank == 1 ? 1 : 2);
  // As many collectives as a group likes, whatever the others do.
  for (int i = 0; i < 10 * (group.size() - 1); ++i) EXPECT_EQ(group.broadcast(std::to_string(rank)), "0");
  OutcomeExchange exchange(group);
  EXPECT_EQ(exchange.exchange({0, static_cast<std::uint64_t>(rank)})->size(),
            static_cast<std::size_t>(group.size()));
}

}  // namespace
}  // namespace chorale::comm
