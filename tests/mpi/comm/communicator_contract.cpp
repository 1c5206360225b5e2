#include "mpi/comm/communicator_contract.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "pipeline/runtime/random.hpp"

namespace chorale::comm::contract {
namespace {

template <class T>
constexpr DataType kType = std::is_same_v<T, float>          ? DataType::kFloat32
                           : std::is_same_v<T, double>       ? DataType::kFloat64
                           : std::is_same_v<T, std::int64_t> ? DataType::kInt64
                                                             : DataType::kByte;

// Values in the backend's memory.
template <class T>
class Values {
 public:
  explicit Values(const std::vector<T>& host) : count_(host.size()), block_(backend().allocate(bytes())) {
    block_->upload(host.data(), bytes());
  }
  Buffer buffer() { return {block_->data(), count_, kType<T>, backend().memory}; }
  std::vector<T> host() {
    std::vector<T> values(count_);
    block_->download(values.data(), bytes());
    return values;
  }

 private:
  std::size_t bytes() const { return count_ * sizeof(T); }
  std::size_t count_;
  std::unique_ptr<Block> block_;
};

class CommunicatorContract : public testing::Test {
 protected:
  Communicator& comm = *backend().communicator;
  const int rank = comm.rank();
  const int size = comm.size();
};

// Random values that any rank can make for any other, so that each checks the result by itself.
std::vector<float> random_of(int rank, std::size_t count) {
  runtime::RandomStream stream(11, {static_cast<std::uint64_t>(rank)});
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(stream.normal());
  return values;
}

TEST_F(CommunicatorContract, RanksAreDistinctAndBelowTheSize) {
  Values<std::int64_t> part({rank}), all(std::vector<std::int64_t>(static_cast<std::size_t>(size), -1));
  comm.allgather(part.buffer(), all.buffer());
  std::vector<std::int64_t> expected(static_cast<std::size_t>(size));
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all.host(), expected);
}

// Sums of a few normal numbers in any order: n ranks give at most n - 1 roundings of partial sums below 8 n.
TEST_F(CommunicatorContract, AllreduceSumsFloatsOfAnyCount) {
  for (const std::size_t count : {0UL, 1UL, 7UL, 1000UL, 1'000'003UL}) {
    Values<float> values(random_of(rank, count));
    comm.allreduce(values.buffer());
    std::vector<double> expected(count, 0.0);
    for (int r = 0; r < size; ++r) {
      const auto part = random_of(r, count);
      for (std::size_t i = 0; i < count; ++i) expected[i] += static_cast<double>(part[i]);
    }
    const double tolerance = (size - 1) * 8.0 * size * std::numeric_limits<float>::epsilon();
    const auto sum = values.host();
    for (std::size_t i = 0; i < count; ++i) ASSERT_NEAR(sum[i], expected[i], tolerance) << "element " << i;
  }
}

TEST_F(CommunicatorContract, AllreduceIsExactForDoublesAndIntegers) {
  const std::int64_t big = std::int64_t{1} << 40;
  Values<std::int64_t> integers({big + rank, -rank});
  Values<double> doubles({0.5 * rank});
  comm.allreduce(integers.buffer());
  comm.allreduce(doubles.buffer());
  const std::int64_t ranks = size * (size - 1) / 2;
  EXPECT_EQ(integers.host(), (std::vector<std::int64_t>{size * big + ranks, -ranks}));
  EXPECT_EQ(doubles.host(), std::vector<double>{0.5 * static_cast<double>(ranks)});
}

TEST_F(CommunicatorContract, AllreduceGivesTheSameBitsOnEveryRankAndEveryTime) {
  constexpr std::size_t kCount = 100'003;
  std::vector<float> first;
  for (int repeat = 0; repeat < 3; ++repeat) {
    Values<float> values(random_of(rank, kCount));
    comm.allreduce(values.buffer());
    const auto sum = values.host();
    if (repeat == 0) first = sum;
    ASSERT_EQ(std::memcmp(sum.data(), first.data(), kCount * sizeof(float)), 0) << "repeat " << repeat;
  }
  Values<float> of_root(first);
  comm.broadcast(of_root.buffer(), 0);
  const auto root = of_root.host();
  EXPECT_EQ(std::memcmp(first.data(), root.data(), kCount * sizeof(float)), 0);
}

TEST_F(CommunicatorContract, NotANumberOnOneRankReachesAll) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const bool last = rank == size - 1;
  Values<float> values({last ? nan : 1.0F, last ? infinity : 1.0F, 1.0F});
  comm.allreduce(values.buffer());
  EXPECT_TRUE(std::isnan(values.host()[0]));
  EXPECT_EQ(values.host()[1], infinity);
  EXPECT_EQ(values.host()[2], static_cast<float>(size));
}

TEST_F(CommunicatorContract, SeveralAllreducesMayBeUnderWayAtOnce) {
  std::vector<Values<float>> buckets;
  std::vector<std::unique_ptr<Work>> works;
  for (int b = 0; b < 4; ++b) buckets.emplace_back(std::vector<float>(1000, static_cast<float>(rank + b)));
  for (auto& bucket : buckets) works.push_back(comm.start_allreduce(bucket.buffer()));
  while (!works[3]->test()) continue;
  for (auto& work : works) work->wait();
  for (int b = 0; b < 4; ++b) {
    const auto expected = static_cast<float>(size * (size - 1) / 2 + size * b);
    EXPECT_EQ(buckets[static_cast<std::size_t>(b)].host(), std::vector<float>(1000, expected));
  }
}

TEST_F(CommunicatorContract, WaitAfterWaitReturnsAtOnce) {
  Values<float> values({1.0F});
  const auto work = comm.start_allreduce(values.buffer());
  work->wait();
  work->wait();
  EXPECT_TRUE(work->test());
  EXPECT_EQ(values.host(), std::vector<float>{static_cast<float>(size)});
}

TEST_F(CommunicatorContract, BroadcastCopiesFromAnyRoot) {
  for (int root = 0; root < size; ++root) {
    Values<std::byte> values(std::vector<std::byte>(1000, static_cast<std::byte>(rank + 1)));
    comm.broadcast(values.buffer(), root);
    EXPECT_EQ(values.host(), std::vector<std::byte>(1000, static_cast<std::byte>(root + 1)));
  }
}

TEST_F(CommunicatorContract, AllgatherLaysPartsRankAfterRank) {
  Values<double> part({1.0 * rank, 10.0 * rank});
  Values<double> all(std::vector<double>(2 * static_cast<std::size_t>(size), -1.0));
  comm.allgather(part.buffer(), all.buffer());
  std::vector<double> expected;
  for (int r = 0; r < size; ++r) expected.insert(expected.end(), {1.0 * r, 10.0 * r});
  EXPECT_EQ(all.host(), expected);
}

TEST_F(CommunicatorContract, BarrierReturns) { EXPECT_NO_THROW(comm.barrier()); }

}  // namespace
}  // namespace chorale::comm::contract
