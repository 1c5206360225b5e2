// How the ranks of a job end: all alike, or one alone while others still work or wait in a collective.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/comm/mpi.hpp"

namespace chorale::comm {

struct Outcome {
  std::int64_t exit_status = 0;
  std::uint64_t message_hash = 0;  // 0: nothing to say
};

// On a communicator of its own, so that nothing the work left unfinished is mistaken for an outcome.
// Collective construction; the session must outlive it.
class OutcomeExchange {
 public:
  explicit OutcomeExchange(const MpiSession& session);
  ~OutcomeExchange();
  OutcomeExchange(const OutcomeExchange&) = delete;
  OutcomeExchange& operator=(const OutcomeExchange&) = delete;

  // The outcomes of all ranks, in rank order; waits for the last without using a core. Nothing when a rank
  // has not come to its end within `patience` (no value: wait for ever): the job can then only be aborted.
  std::optional<std::vector<Outcome>> exchange(Outcome mine,
                                               std::optional<std::chrono::milliseconds> patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chorale::comm
