// Communicator over MPI, on a duplicate of the session's communicator.
#pragma once

#include <memory>

#include "pipeline/comm/communicator.hpp"
#include "pipeline/comm/mpi.hpp"

namespace chorale::comm {

// The session must outlive it. That of a process that is alone does without MPI.
std::unique_ptr<Communicator> make_mpi_communicator(const MpiSession& session);

}  // namespace chorale::comm
