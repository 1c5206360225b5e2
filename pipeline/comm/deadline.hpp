// How long a rank waits for the others in a collective.
#pragma once

#include <chrono>

namespace chorale::comm {

// CHORALE_COLLECTIVE_TIMEOUT_S, or 300 s. Throws UsageError when it is no positive number.
std::chrono::duration<double> collective_timeout();

}  // namespace chorale::comm
