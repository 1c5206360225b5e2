// Work handed out one item at a time by rank 0, which also works.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/comm/mpi.hpp"

namespace chorale::comm {

class QueueEnd;  // rank 0's, or a worker's

// Work done, for a progress line.
struct Tally {
  double tracks = 0;
  double seconds = 0;  // of audio
};

// Each of the items 0 .. n-1 goes to exactly one rank, in `order`. Collective construction. Every rank calls
// next() until it returns nothing; rank 0 answers requests inside next() and poll(), so a rank waits no
// longer than rank 0 goes without a call. When any rank has runtime::stop_requested() before all items are
// done, all get nothing from next() and stopped() is true everywhere. The destructor of a rank that unwinds
// from an exception does not wait for the others; end the job then (MpiSession::abort).
class WorkQueue {
 public:
  // `order` matters on rank 0 only.
  WorkQueue(const MpiSession& session, std::vector<std::size_t> order);
  ~WorkQueue();

  std::optional<std::size_t> next();
  // Between two tracks: rank 0 answers waiting ranks; every rank learns of a stop. True: abandon the item,
  // stop. `mine` is what this rank has done so far; rank 0 hears of it about once a second.
  bool poll(Tally mine = {});
  Tally total() const;  // over all ranks, as far as rank 0 has heard; meaningful on rank 0
  bool stopped() const;

 private:
  std::unique_ptr<QueueEnd> end_;
};

}  // namespace chorale::comm
