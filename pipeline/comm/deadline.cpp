#include "pipeline/comm/deadline.hpp"

#include "pipeline/runtime/environment.hpp"

namespace chorale::comm {

std::chrono::duration<double> collective_timeout() {
  return runtime::seconds_from_environment("CHORALE_COLLECTIVE_TIMEOUT_S", std::chrono::minutes(5));
}

}  // namespace chorale::comm
