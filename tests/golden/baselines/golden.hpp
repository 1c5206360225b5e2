// What make_goldens.py wrote beside itself.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::testing_support {

inline nlohmann::json baseline_goldens() {
  const std::filesystem::path source = std::getenv("CHORALE_SOURCE");
  return nlohmann::json::parse(runtime::read_file(source / "tests/golden/baselines/baselines.json"));
}

}  // namespace chorale::testing_support
