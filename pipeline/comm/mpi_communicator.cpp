#include "pipeline/comm/mpi_communicator.hpp"

#include <fmt/format.h>

#include <chrono>
#include <climits>
#include <string>
#include <thread>

#include "pipeline/comm/deadline.hpp"
#include "pipeline/comm/lone_communicator.hpp"
#include "pipeline/comm/mpi_call.hpp"

namespace chorale::comm {
namespace {

using Clock = std::chrono::steady_clock;

MPI_Datatype mpi_type(DataType type) {
  switch (type) {
    case DataType::kFloat32:
      return MPI_FLOAT;
    case DataType::kFloat64:
      return MPI_DOUBLE;
    case DataType::kInt64:
      return MPI_INT64_T;
    case DataType::kByte:
      return MPI_UINT8_T;
  }
  return MPI_DATATYPE_NULL;
}

int mpi_count(const Buffer& buffer) {
  if (buffer.memory != Memory::kHost) throw MpiError("MPI moves host memory only; GPU memory needs NCCL");
  if (buffer.count > INT_MAX) throw MpiError("a collective takes at most 2^31 - 1 elements; use several");
  return static_cast<int>(buffer.count);
}

// A non-blocking collective with a deadline that counts from the start of a wait.
class MpiWork : public Work {
 public:
  MpiWork(std::string what, std::chrono::duration<double> timeout)
      : what_(std::move(what)), timeout_(timeout) {}
  ~MpiWork() override {
    if (abandoned_) return;
    try {
      wait();
    } catch (const std::exception&) {  // an unwinding caller has a better message already
    }
  }

  MPI_Request* request() { return &request_; }

  bool test() override {
    int done = 0;
    const int code = MPI_Test(&request_, &done, MPI_STATUS_IGNORE);
    if (code != MPI_SUCCESS) abandoned_ = true;
    check(code, what_.c_str());
    return done != 0;
  }

  void wait() override {
    const auto start = Clock::now();
    while (!test()) {
      if (Clock::now() - start > timeout_) give_up();
      std::this_thread::yield();
    }
  }

 private:
  [[noreturn]] void give_up() {
    abandoned_ = true;
    throw MpiError(
        fmt::format("{}: not done after {:g} s: another rank has ended, hangs, or is that late. Look at "
                    "its log; a longer deadline is set by CHORALE_COLLECTIVE_TIMEOUT_S.",
                    what_, timeout_.count()));
  }

  std::string what_;
  std::chrono::duration<double> timeout_;
  MPI_Request request_ = MPI_REQUEST_NULL;
  bool abandoned_ = false;  // the request can neither be freed nor waited for
};

class MpiCommunicator : public Communicator {
 public:
  explicit MpiCommunicator(const MpiSession& session)
      : rank_(session.rank()), size_(session.size()), timeout_(collective_timeout()), comm_(session) {}

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  std::unique_ptr<Work> start_allreduce(Buffer buffer) override {
    auto work = describe("all-reduce", buffer.count);
    check(MPI_Iallreduce(MPI_IN_PLACE, buffer.data, mpi_count(buffer), mpi_type(buffer.type), MPI_SUM,
                         comm_.get(), work->request()),
          "MPI_Iallreduce");
    return work;
  }

  void allreduce(Buffer buffer) override { start_allreduce(buffer)->wait(); }

  void broadcast(Buffer buffer, int root) override {
    const auto work = describe("broadcast", buffer.count);
    check(
        MPI_Ibcast(buffer.data, mpi_count(buffer), mpi_type(buffer.type), root, comm_.get(), work->request()),
        "MPI_Ibcast");
    work->wait();
  }

  void allgather(Buffer part, Buffer gathered) override {
    const auto work = describe("all-gather", part.count);
    check(MPI_Iallgather(part.data, mpi_count(part), mpi_type(part.type), gathered.data, mpi_count(part),
                         mpi_type(gathered.type), comm_.get(), work->request()),
          "MPI_Iallgather");
    work->wait();
  }

  void barrier() override {
    const auto work = describe("barrier", 0);
    check(MPI_Ibarrier(comm_.get(), work->request()), "MPI_Ibarrier");
    work->wait();
  }

 private:
  // "rank 2 of 4: all-reduce, collective number 17 (4096 elements)": the number is the same on every rank, so
  // that two logs can be laid side by side.
  std::unique_ptr<MpiWork> describe(const char* kind, std::size_t count) {
    return std::make_unique<MpiWork>(fmt::format("rank {} of {}: {}, collective number {} ({} elements)",
                                                 rank_, size_, kind, ++number_, count),
                                     timeout_);
  }

  int rank_, size_;
  std::chrono::duration<double> timeout_;
  OwnedComm comm_;
  std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<Communicator> make_mpi_communicator(const MpiSession& session) {
  if (session.alone()) return make_lone_communicator();
  return std::make_unique<MpiCommunicator>(session);
}

}  // namespace chorale::comm
