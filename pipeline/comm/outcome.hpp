// How the ranks of a job end: all alike, or one alone while others still work or wait in a collective.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/comm/mpi.hpp"

namespace chorale::comm {

struct Outcome {
  std::int64_t exit_status = 0;
  std::uint64_t message_hash = 0;  // 0: nothing to say

  bool failed() const;  // neither done nor asked to stop
};

// On a communicator of its own, so that nothing the work left unfinished is mistaken for an outcome.
// Collective construction; the session must outlive it.
class OutcomeExchange {
 public:
  explicit OutcomeExchange(const MpiSession& session);
  ~OutcomeExchange();
  OutcomeExchange(const OutcomeExchange&) = delete;
  OutcomeExchange& operator=(const OutcomeExchange&) = delete;

  // The outcomes of all ranks, in rank order; waits for the last without using a core. Nothing when this rank
  // has failed and another does not come to its end within 3 s: it may wait in a collective for this one, and
  // the job can only be aborted.
  std::optional<std::vector<Outcome>> exchange(Outcome mine);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chorale::comm
