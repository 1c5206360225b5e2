#include "pipeline/runtime/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>

#include <cstdlib>
#include <string>

namespace chorale::runtime {

void init_log(int rank, int size) {
  if (!spdlog::get("chorale")) spdlog::set_default_logger(spdlog::stderr_color_mt("chorale"));
  const std::string who = size > 1 ? " " + std::to_string(rank) + "/" + std::to_string(size) : "";
  spdlog::set_pattern("[%H:%M:%S" + who + "] %^%l%$: %v");
  if (const char* level = std::getenv("CHORALE_LOG")) spdlog::set_level(spdlog::level::from_str(level));
}

}  // namespace chorale::runtime
