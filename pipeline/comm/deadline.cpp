#include "pipeline/comm/deadline.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "pipeline/runtime/error.hpp"

namespace chorale::comm {

std::chrono::duration<double> collective_timeout() {
  const char* text = std::getenv("CHORALE_COLLECTIVE_TIMEOUT_S");
  const double seconds = text != nullptr ? std::atof(text) : 300.0;
  if (seconds <= 0) {
    throw runtime::UsageError(
        fmt::format("CHORALE_COLLECTIVE_TIMEOUT_S: '{}' is no number of seconds", text));
  }
  return std::chrono::duration<double>(seconds);
}

}  // namespace chorale::comm
