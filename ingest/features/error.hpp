// What goes wrong in features: a configuration that a feature cannot be computed with.
#pragma once

#include "pipeline/runtime/error.hpp"

namespace chorale::features {

struct FeatureError : runtime::UsageError {
  using UsageError::UsageError;
};

}  // namespace chorale::features
