#include "pipeline/comm/mpi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <numeric>
#include <optional>

#include "pipeline/comm/mpi_call.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::comm {
namespace {

constexpr std::chrono::seconds kAbortTakes{5};  // at the most, or the process ends without MPI's consent

// How many processes the launcher says it started as one job, and who it is.
struct Launch {
  std::string launcher, variable, remedy;
  int processes = 0;
  bool reachable = true;  // whether MPI can find its way to the launcher
};

std::optional<int> number_in(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  return std::atoi(text);
}

// mpirun's own variable goes first: mpirun inside of an srun step inherits that step's variables.
// SLURM_NTASKS is no evidence: a batch script has it, and everything that is started there without srun is a
// job of one. To be called before MPI_Init, which may add such variables to the environment.
std::optional<Launch> find_launch() {
  if (const auto n = number_in("OMPI_COMM_WORLD_SIZE")) {
    return Launch{"mpirun", "OMPI_COMM_WORLD_SIZE",
                  "Start the program with the mpirun of the Open MPI it was built with.", *n};
  }
  if (const auto n = number_in("SLURM_STEP_NUM_TASKS"); n && std::getenv("SLURM_STEP_ID") != nullptr) {
    return Launch{"srun", "SLURM_STEP_NUM_TASKS",
                  "Use srun --mpi=pmix (srun --mpi=list shows what this cluster offers), or mpirun in the "
                  "batch script.",
                  *n, std::getenv("PMIX_NAMESPACE") != nullptr || std::getenv("PMI_FD") != nullptr};
  }
  if (const auto n = number_in("PMI_SIZE")) {
    return Launch{"a launcher of another MPI library", "PMI_SIZE",
                  "Start the program with the mpirun of the Open MPI it was built with.", *n};
  }
  return std::nullopt;
}

// Whether a launcher that does not say how many processes it started has numbered this one.
bool has_rank() {
  const auto variables = {"PMIX_RANK", "PMI_RANK", "PALS_RANKID", "FLUX_TASK_RANK", "ALPS_APP_PE"};
  return std::any_of(variables.begin(), variables.end(),
                     [](const char* variable) { return std::getenv(variable) != nullptr; });
}

void check_launch(const std::optional<Launch>& launch, int size) {
  if (!launch || launch->processes == size) return;
  throw runtime::UsageError(fmt::format(
      "{} started {} processes ({}), but MPI sees a job of {}: they would all do the same work. {}",
      launch->launcher, launch->processes, launch->variable, size, launch->remedy));
}

int rank_in(MPI_Comm comm) {
  int rank = 0;
  check(MPI_Comm_rank(comm, &rank), "MPI_Comm_rank");
  return rank;
}

int size_of(MPI_Comm comm) {
  int size = 0;
  check(MPI_Comm_size(comm, &size), "MPI_Comm_size");
  return size;
}

}  // namespace

void check(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0, rank = -1;
  MPI_Error_string(code, text, &length);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  throw MpiError(
      fmt::format("rank {}: {}: {}", rank, call, std::string_view(text, static_cast<std::size_t>(length))));
}

OwnedComm::OwnedComm(MPI_Comm all) {
  if (all == MPI_COMM_NULL) return;
  check(MPI_Comm_dup(all, &comm_), "MPI_Comm_dup");
  check(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

OwnedComm::OwnedComm(MPI_Comm all, int group, int rank) {
  if (all == MPI_COMM_NULL) return;
  check(MPI_Comm_split(all, group, rank, &comm_), "MPI_Comm_split");
  check(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

OwnedComm::~OwnedComm() {
  // Freeing is collective, and a rank that unwinds is alone.
  if (comm_ != MPI_COMM_NULL && std::uncaught_exceptions() == 0) MPI_Comm_free(&comm_);
}

MpiSession::MpiSession(int* argc, char*** argv) : comm_(std::make_unique<OwnedComm>()) {
  const auto launch = find_launch();
  // MPI_Init would end such a process with a text about building Open MPI.
  if (launch && !launch->reachable) check_launch(launch, 1);
  if (launch ? !launch->reachable : !has_rank()) return;
  int provided = MPI_THREAD_SINGLE;
  // Serialized: a collective may be started from the thread that runs backward on a device.
  if (MPI_Init_thread(argc, argv, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS) {
    throw MpiError("MPI_Init_thread failed");
  }
  alone_ = false;
  try {
    check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    if (provided < MPI_THREAD_SERIALIZED) throw MpiError("this MPI library lacks MPI_THREAD_SERIALIZED");
    rank_ = rank_in(MPI_COMM_WORLD);
    size_ = size_of(MPI_COMM_WORLD);
    check_launch(launch, size_);
    MPI_Comm node = MPI_COMM_NULL;
    check(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &node),
          "MPI_Comm_split_type");
    local_rank_ = rank_in(node);
    local_size_ = size_of(node);
    check(MPI_Comm_free(&node), "MPI_Comm_free");
    comm_ = std::make_unique<OwnedComm>(MPI_COMM_WORLD);
  } catch (...) {
    MPI_Finalize();
    throw;
  }
}

MpiSession::MpiSession(const MpiSession& job, int group)
    : alone_(job.alone_),
      whole_(false),
      comm_(std::make_unique<OwnedComm>(job.comm().get(), group, job.rank())),
      local_rank_(job.local_rank_),
      local_size_(job.local_size_) {
  if (alone_) return;
  rank_ = rank_in(comm_->get());
  size_ = size_of(comm_->get());
}

MpiSession::~MpiSession() {
  comm_.reset();
  if (!alone_ && whole_) MPI_Finalize();
}

std::string MpiSession::idle_tasks() const {
  const int tasks = number_in("SLURM_NTASKS").value_or(size_);
  if (tasks <= size_) return {};
  return fmt::format("SLURM_NTASKS is {}, but this job has {} ranks; use all tasks with srun --mpi=pmix",
                     tasks, size_);
}

void MpiSession::barrier() const {
  if (!alone_) check(MPI_Barrier(comm_->get()), "MPI_Barrier");
}

std::string MpiSession::broadcast(std::string text, int root) const {
  if (alone_) return text;
  auto length = static_cast<int>(text.size());
  check(MPI_Bcast(&length, 1, MPI_INT, root, comm_->get()), "MPI_Bcast");
  text.resize(static_cast<std::size_t>(length));
  check(MPI_Bcast(text.data(), length, MPI_CHAR, root, comm_->get()), "MPI_Bcast");
  return text;
}

std::vector<std::string> MpiSession::gather(const std::string& text, int root) const {
  if (alone_) return {text};
  const auto ranks = static_cast<std::size_t>(rank_ == root ? size_ : 0);
  const auto length = static_cast<int>(text.size());
  std::vector<int> lengths(ranks), offsets(ranks);
  check(MPI_Gather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, root, comm_->get()), "MPI_Gather");
  std::exclusive_scan(lengths.begin(), lengths.end(), offsets.begin(), 0);
  std::string all(static_cast<std::size_t>(std::reduce(lengths.begin(), lengths.end())), '\0');
  check(MPI_Gatherv(text.data(), length, MPI_CHAR, all.data(), lengths.data(), offsets.data(), MPI_CHAR, root,
                    comm_->get()),
        "MPI_Gatherv");
  std::vector<std::string> texts(ranks);
  for (std::size_t r = 0; r < ranks; ++r) {
    texts[r] = all.substr(static_cast<std::size_t>(offsets[r]), static_cast<std::size_t>(lengths[r]));
  }
  return texts;
}

std::int64_t MpiSession::max(std::int64_t value) const {
  if (alone_) return value;
  check(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_MAX, comm_->get()), "MPI_Allreduce");
  return value;
}

double MpiSession::sum(double value) const {
  if (alone_) return value;
  check(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm_->get()), "MPI_Allreduce");
  return value;
}

void MpiSession::abort(int exit_status) const {
  runtime::exit_after(kAbortTakes, exit_status);
  spdlog::error("rank {} of {} ends the whole job", rank_, size_);
  spdlog::default_logger()->flush();
  if (!alone_) MPI_Abort(MPI_COMM_WORLD, exit_status);
  std::_Exit(exit_status);
}

}  // namespace chorale::comm
