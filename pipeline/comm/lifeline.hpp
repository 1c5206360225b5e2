// Tells the ranks of a job that one of them has died.
//
// A rank that is killed, crashes or loses its node leaves the others waiting in a collective; what becomes of
// them depends on MPI library and launcher. Here every rank keeps a TCP connection to rank 0, watched by a
// thread that sleeps until something happens: a connection that ends without a goodbye is a dead rank. A rank
// that hangs but lives is none: its operating system still answers. That is for the deadline of the
// collectives.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "pipeline/comm/mpi.hpp"

namespace chorale::comm {

// Why all ranks must end, and their exit status.
struct JobEnd {
  int exit_status = 1;
  std::string reason;  // "rank 1 of 4 (node7, process 1234) died ..."
};

class Lifeline {
 public:
  struct Options {
    std::chrono::seconds silence{20};          // of a machine that has vanished from the network
    std::chrono::milliseconds patience{3000};  // for a connection to one of rank 0's addresses
    // Called at most once, on the watching thread, when the job must end. `interrupted(time)` waits at most
    // so long and says whether the main thread has come to its end meanwhile. No function: logs the reason,
    // waits a second for the main thread, and ends the process.
    using Waiter = std::function<bool(std::chrono::milliseconds)>;
    std::function<void(const JobEnd&, const Waiter& interrupted)> end;
  };
  // Gives rank 0's text to every rank.
  using Broadcast = std::function<std::string(std::string)>;

  // Collective. Where no connection to rank 0 comes about, a warning says so and the job goes on without.
  // A job of one rank has no lifeline.
  explicit Lifeline(const MpiSession& session);
  Lifeline(int rank, int size, const Broadcast& broadcast, Options options);
  // Says goodbye: this rank has come to an orderly end.
  ~Lifeline();
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

  // Instead of a goodbye: this rank ends, and so must the others, with the same exit status.
  void end_job(int exit_status);

 private:
  class Watch;
  class RankZero;
  class OtherRank;
  std::unique_ptr<Watch> watch_;
};

}  // namespace chorale::comm
