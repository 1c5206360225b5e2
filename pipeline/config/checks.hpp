// What has to hold between keys, and what a stage needs to be set.
#pragma once

#include <string>
#include <vector>

#include "pipeline/config/config.hpp"

namespace chorale::config {

struct Finding {
  std::vector<std::string> keys;  // the keys involved; the first is the one to change
  std::string message;
};

std::vector<Finding> check(const Experiment& experiment, Stage stage);

}  // namespace chorale::config
