#include "pipeline/comm/nccl_communicator.hpp"

namespace chorale::comm {

std::unique_ptr<Communicator> make_nccl_communicator(const MpiSession&, int) {
  throw runtime::UsageError(
      "this program was built without CUDA and NCCL; build it with ./run build cuda and use "
      "build/cuda/bin/chorale");
}

}  // namespace chorale::comm
