#include "pipeline/runtime/environment.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "pipeline/runtime/error.hpp"

namespace chorale::runtime {

std::chrono::duration<double> seconds_from_environment(const char* variable,
                                                       std::chrono::duration<double> otherwise) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return otherwise;
  char* end = nullptr;
  const double seconds = std::strtod(text, &end);
  if (*text != '\0' && *end == '\0' && std::isfinite(seconds) && seconds > 0)
    return std::chrono::duration<double>(seconds);
  throw UsageError(fmt::format("{} is \"{}\", expected a number of seconds above 0", variable, text));
}

}  // namespace chorale::runtime
