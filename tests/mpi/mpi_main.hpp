// What a test under mpirun finds ready.
#pragma once

#include "pipeline/comm/mpi.hpp"

namespace chorale::testing_support {

// The session of this test program. Its ranks run the same tests in the same order.
const comm::MpiSession& mpi_session();

}  // namespace chorale::testing_support
