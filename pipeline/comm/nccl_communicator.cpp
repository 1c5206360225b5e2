#include "pipeline/comm/nccl_communicator.hpp"

#include <ATen/cuda/CUDAEvent.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <fmt/format.h>
#include <nccl.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>

#include "pipeline/comm/deadline.hpp"
#include "pipeline/comm/mpi_communicator.hpp"
#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/runtime/host.hpp"

namespace chorale::comm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatienceWithEnd{10};  // with NCCL's own end of a communicator

ncclDataType_t nccl_type(DataType type) {
  switch (type) {
    case DataType::kFloat32:
      return ncclFloat32;
    case DataType::kFloat64:
      return ncclFloat64;
    case DataType::kInt64:
      return ncclInt64;
    case DataType::kByte:
      return ncclUint8;
  }
  return ncclNumTypes;
}

// Polls a condition until it holds or too much time has passed since it was first found not to.
class Deadline {
 public:
  explicit Deadline(std::chrono::duration<double> timeout) : timeout_(timeout) {}

  bool passed() {
    const auto now = Clock::now();
    if (!waiting_) since_ = now;
    waiting_ = true;
    return now - since_ > timeout_;
  }

 private:
  std::chrono::duration<double> timeout_;
  Clock::time_point since_;
  bool waiting_ = false;
};

// An ncclComm_t with a non-blocking configuration: no call of it waits for another rank, so that every wait
// is ours, with a deadline.
class NcclComm {
 public:
  // Collective.
  NcclComm(const MpiSession& session, c10::DeviceIndex gpu)
      : who_(fmt::format("rank {} of {} ({}, GPU {})", session.rank(), session.size(), runtime::host_name(),
                         gpu)),
        timeout_(collective_timeout()) {
    const c10::cuda::CUDAGuard guard(gpu);
    const std::string id = from_rank_zero(session, [this] {
      ncclUniqueId fresh;
      check(ncclGetUniqueId(&fresh), "ncclGetUniqueId");
      return std::string(fresh.internal, sizeof fresh.internal);
    });
    ncclUniqueId shared;
    std::memcpy(shared.internal, id.data(), sizeof shared.internal);
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.blocking = 0;
    config.collnetEnable = 0;  // reductions inside of switches: sums in an order of their own
    check(ncclCommInitRankConfig(&comm_, session.size(), shared, session.rank(), &config),
          "ncclCommInitRankConfig");
    settle("the first meeting of the ranks");
  }

  ~NcclComm() {
    if (comm_ == nullptr) return;
    if (std::uncaught_exceptions() > 0) {
      abort();
      return;
    }
    try {
      check(ncclCommFinalize(comm_), "ncclCommFinalize");
      settle("the end of the communicator");
      ncclCommDestroy(comm_);
    } catch (const NcclError&) {  // the work is done; whoever is still missing has its own message
    }
  }

  NcclComm(const NcclComm&) = delete;
  NcclComm& operator=(const NcclComm&) = delete;

  ncclComm_t get() const { return comm_; }

  // A call that NCCL has accepted or is still working on; anything else ends the communicator.
  void check(ncclResult_t result, const std::string& what) {
    if (result != ncclSuccess && result != ncclInProgress) fail(what, ncclGetErrorString(result));
  }

  // Waits until NCCL has done on the host what was asked for last.
  void settle(const std::string& what) {
    Deadline deadline(timeout_);
    while (poll(what) == ncclInProgress) {
      if (deadline.passed()) give_up(what);
      std::this_thread::yield();
    }
  }

  // Throws what has happened to the communicator meanwhile, here or, as far as NCCL knows, on another rank.
  ncclResult_t poll(const std::string& what) {
    if (comm_ == nullptr) throw NcclError(who_ + ": " + what + ": the communicator has been aborted already");
    ncclResult_t state = ncclSuccess;
    check(ncclCommGetAsyncError(comm_, &state), "ncclCommGetAsyncError");
    check(state, what);
    return state;
  }

  [[noreturn]] void give_up(const std::string& what) {
    fail(what,
         fmt::format(
             "not done after {:g} s: another rank has ended, hangs, or is that late. Look at its log; a "
             "longer deadline is set by CHORALE_COLLECTIVE_TIMEOUT_S",
             timeout_.count()));
  }

  std::chrono::duration<double> timeout() const { return timeout_; }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& why) {
    const char* last = ncclGetLastError(comm_);
    const std::string detail = last != nullptr && *last != '\0' ? fmt::format(" (NCCL: {})", last) : "";
    abort();
    throw NcclError(fmt::format("{}: {}: {}{}. NCCL_DEBUG=INFO tells more", who_, what, why, detail));
  }

  // Ends what the GPU is waiting for. NCCL's own abort may hang where a network is gone: it is given some
  // seconds.
  void abort() {
    if (comm_ == nullptr) return;
    auto aborted = std::make_shared<std::promise<void>>();
    const auto done = aborted->get_future();
    std::thread([comm = std::exchange(comm_, nullptr), aborted] {
      ncclCommAbort(comm);
      aborted->set_value();
    }).detach();
    done.wait_for(kPatienceWithEnd);
  }

  std::string who_;
  std::chrono::duration<double> timeout_;
  ncclComm_t comm_ = nullptr;
};

// A collective on the communication stream, and the event behind it.
class NcclWork : public Work {
 public:
  NcclWork(NcclComm& comm, c10::DeviceIndex gpu, std::string what)
      : comm_(comm), gpu_(gpu), what_(std::move(what)), deadline_(comm.timeout()) {}
  ~NcclWork() override {
    try {
      wait();
    } catch (const std::exception&) {  // an unwinding caller has a better message already
    }
  }

  const std::string& what() const { return what_; }
  void record(const c10::cuda::CUDAStream& stream) { done_.record(stream); }

  bool test() override {
    if (done_.query()) return true;
    comm_.poll(what_);
    if (deadline_.passed()) comm_.give_up(what_);
    return false;
  }

  void wait() override { done_.block(c10::cuda::getCurrentCUDAStream(gpu_)); }

 private:
  NcclComm& comm_;
  c10::DeviceIndex gpu_;
  std::string what_;
  Deadline deadline_;
  at::cuda::CUDAEvent done_;
};

class NcclCommunicator : public Communicator {
 public:
  NcclCommunicator(const MpiSession& session, int gpu)
      : rank_(session.rank()),
        size_(session.size()),
        gpu_(static_cast<c10::DeviceIndex>(gpu)),
        host_(make_mpi_communicator(session)),
        comm_(session, gpu_),
        stream_(c10::cuda::getStreamFromPool(/*isHighPriority=*/true, gpu_)) {}

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  std::unique_ptr<Work> start_allreduce(Buffer buffer) override {
    if (buffer.memory == Memory::kHost) return host_->start_allreduce(buffer);
    return start("all-reduce", buffer, [&](ncclComm_t comm, cudaStream_t stream) {
      return ncclAllReduce(buffer.data, buffer.data, buffer.count, nccl_type(buffer.type), ncclSum, comm,
                           stream);
    });
  }

  void allreduce(Buffer buffer) override {
    if (buffer.memory == Memory::kHost) return host_->allreduce(buffer);
    finish(*start_allreduce(buffer));
  }

  void broadcast(Buffer buffer, int root) override {
    if (buffer.memory == Memory::kHost) return host_->broadcast(buffer, root);
    finish(*start("broadcast", buffer, [&](ncclComm_t comm, cudaStream_t stream) {
      return ncclBroadcast(buffer.data, buffer.data, buffer.count, nccl_type(buffer.type), root, comm,
                           stream);
    }));
  }

  void allgather(Buffer part, Buffer gathered) override {
    if (part.memory == Memory::kHost) return host_->allgather(part, gathered);
    finish(*start("all-gather", part, [&](ncclComm_t comm, cudaStream_t stream) {
      return ncclAllGather(part.data, gathered.data, part.count, nccl_type(part.type), comm, stream);
    }));
  }

  void barrier() override { host_->barrier(); }

 private:
  using Call = std::function<ncclResult_t(ncclComm_t, cudaStream_t)>;

  // "all-reduce, collective number 17 (4096 elements)": the number is the same on every rank, so that two
  // logs can be laid side by side.
  std::unique_ptr<Work> start(const char* kind, const Buffer& buffer, const Call& call) {
    const c10::cuda::CUDAGuard guard(gpu_);
    auto work = std::make_unique<NcclWork>(
        comm_, gpu_, fmt::format("{}, collective number {} ({} elements)", kind, ++number_, buffer.count));
    comm_.poll(work->what());
    ready_.record(c10::cuda::getCurrentCUDAStream(gpu_));
    ready_.block(stream_);
    if (buffer.count > 0) comm_.check(call(comm_.get(), stream_), work->what());
    comm_.settle(work->what());  // the event must come behind the collective on the stream
    work->record(stream_);
    return work;
  }

  static void finish(Work& work) {
    work.wait();
    while (!work.test()) std::this_thread::yield();
  }

  int rank_, size_;
  c10::DeviceIndex gpu_;
  std::unique_ptr<Communicator> host_;
  NcclComm comm_;
  c10::cuda::CUDAStream stream_;
  at::cuda::CUDAEvent ready_;
  std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<Communicator> make_nccl_communicator(const MpiSession& session, int gpu) {
  ::setenv("NCCL_NVLS_ENABLE", "0", /*overwrite=*/0);
  return std::make_unique<NcclCommunicator>(session, gpu);
}

}  // namespace chorale::comm
