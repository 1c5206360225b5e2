// The only place that calls MPI for set-up and small messages. Every failing call throws MpiError.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::comm {

struct MpiError : runtime::Error {
  using Error::Error;
};

class OwnedComm;

// The ranks of a job: MPI_Init_thread .. MPI_Finalize. One per program, made first thing in main. A process
// that no launcher has started is alone: it never starts MPI, which would take a quarter of a second.
class MpiSession {
 public:
  // Throws UsageError when srun or mpirun started N single processes instead of one job of N
  // (SLURM_STEP_NUM_TASKS or OMPI_COMM_WORLD_SIZE against the size MPI reports): says so, and how to fix it
  // (srun --mpi=pmix).
  MpiSession(int* argc, char*** argv);
  // Collective over `job`: those of its ranks that give the same `group`, in their order, as if they were
  // all. The places on a node (local_rank, local_size) stay those of the job, whose ranks share its cores and
  // GPUs. Must not outlive the job.
  MpiSession(const MpiSession& job, int group);
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;

  bool alone() const { return alone_; }
  int rank() const { return rank_; }
  int size() const { return size_; }
  int local_rank() const { return local_rank_; }  // on this node
  int local_size() const { return local_size_; }

  // Says that a Slurm batch script has tasks which take no part (SLURM_NTASKS), and how to use them; empty
  // otherwise. It may be meant, so it is no error.
  std::string idle_tasks() const;

  void barrier() const;
  std::string broadcast(std::string text, int root = 0) const;
  std::vector<std::string> gather(const std::string& text, int root = 0) const;  // empty on other ranks
  // The largest value over all ranks.
  std::int64_t max(std::int64_t value) const;
  double sum(double value) const;

  // Ends the whole job with a message on stderr; for errors of one rank while others wait in a collective.
  [[noreturn]] void abort(int exit_status) const;

  const OwnedComm& comm() const { return *comm_; }  // for the files of this folder

 private:
  bool alone_ = true, whole_ = true;  // whole: all ranks of the job
  std::unique_ptr<OwnedComm> comm_;
  int rank_ = 0, size_ = 1, local_rank_ = 0, local_size_ = 1;
};

}  // namespace chorale::comm
