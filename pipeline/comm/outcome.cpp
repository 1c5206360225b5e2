#include "pipeline/comm/outcome.hpp"

#include <chrono>
#include <thread>

#include "pipeline/comm/mpi_call.hpp"
#include "pipeline/runtime/error.hpp"

namespace chorale::comm {
namespace {

constexpr std::chrono::milliseconds kPoll{2}, kPatience{3000};

}  // namespace

bool Outcome::failed() const { return exit_status != runtime::kDone && exit_status != runtime::kTryAgain; }

struct OutcomeExchange::Impl {
  explicit Impl(const MpiSession& session) : comm(session), size(session.size()) {}

  OwnedComm comm;
  int size;
  std::vector<Outcome> outcomes;  // written by MPI until the exchange is over
};

OutcomeExchange::OutcomeExchange(const MpiSession& session) : impl_(std::make_unique<Impl>(session)) {}

OutcomeExchange::~OutcomeExchange() = default;

std::optional<std::vector<Outcome>> OutcomeExchange::exchange(Outcome mine) {
  if (impl_->comm.get() == MPI_COMM_NULL) return std::vector{mine};
  const auto start = std::chrono::steady_clock::now();
  constexpr int kBytes = sizeof(Outcome);
  impl_->outcomes.resize(static_cast<std::size_t>(impl_->size));
  MPI_Request request = MPI_REQUEST_NULL;
  check(MPI_Iallgather(&mine, kBytes, MPI_BYTE, impl_->outcomes.data(), kBytes, MPI_BYTE, impl_->comm.get(),
                       &request),
        "MPI_Iallgather");
  for (int done = 0;;) {
    check(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
    if (done != 0) return impl_->outcomes;
    if (mine.failed() && std::chrono::steady_clock::now() - start > kPatience) return std::nullopt;
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace chorale::comm
