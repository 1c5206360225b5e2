// Training and evaluating cells until none is left that this process may work on.
#pragma once

#include <span>

#include "pipeline/comm/mpi.hpp"
#include "sweep/plan/cells.hpp"
#include "sweep/study/study.hpp"

namespace chorale::sweep {

// Collective. The ranks of the job work in groups of `ranks`, each on cells of its own, with `threads` a rank
// where a cell does not say otherwise. A cell that fails is recorded with its error, and the next one is
// taken. Throws Interrupted when a stop was requested (the cell it was at continues from its checkpoint next
// time), UsageError when the job's ranks do not divide into such groups, Error when some ranks of a group
// fail while others wait for them: the whole job has to end then.
void run_cells(const comm::MpiSession& job, const Study& study, std::span<const Cell> cells,
               std::int64_t ranks, int threads);

}  // namespace chorale::sweep
