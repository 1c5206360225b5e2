// Settings of the machine rather than of an experiment, which come from environment variables.
#pragma once

#include <chrono>

namespace chorale::runtime {

// The variable's number of seconds, or `otherwise` where it is not set. Throws UsageError when it is no
// number above 0.
std::chrono::duration<double> seconds_from_environment(const char* variable,
                                                       std::chrono::duration<double> otherwise);

}  // namespace chorale::runtime
