// What make_goldens.py wrote beside itself.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::testing_support {

// Part `part` of FILE, such as "cases". By value: a loop over a member of what it returns would outlive it.
inline nlohmann::json golden_part(const std::string& file, const char* part) {
  const std::filesystem::path source = std::getenv("CHORALE_SOURCE");
  return nlohmann::json::parse(runtime::read_file(source / "tests/golden/metrics" / file)).at(part);
}

}  // namespace chorale::testing_support
