// Collectives between GPUs, one rank a GPU. Two files implement it: nccl_communicator.cpp in a build with
// CUDA, nccl_not_compiled.cpp in any other.
#pragma once

#include <memory>

#include "pipeline/comm/communicator.hpp"
#include "pipeline/comm/mpi.hpp"

namespace chorale::comm {

struct NcclError : runtime::Error {
  using Error::Error;
};

// Collective. For buffers on GPU number `gpu` of this process; every rank must have a GPU of its own
// (device::choose_device). Buffers in host memory go through MPI, as the meeting of the ranks does at the
// start.
//
// Collectives run one after another on a stream of their own, which waits for what the current stream had
// been given before. Each may be started from any thread, one at a time. A sum has the same bits every time:
// reductions inside of switches, whose order is not fixed, are turned off (NCCL_NVLS_ENABLE=1 turns them on).
//
// An error of NCCL, and a deadline that passes, abort the communicator, so that the GPU stops waiting for the
// others as well, and are thrown as NcclError: rank, host, the number of the collective, NCCL's last error.
// In a build without CUDA: throws UsageError.
std::unique_ptr<Communicator> make_nccl_communicator(const MpiSession& session, int gpu);

}  // namespace chorale::comm
