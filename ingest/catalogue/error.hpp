#pragma once

#include "pipeline/runtime/error.hpp"

namespace chorale::catalogue {

// The collection is not what the configuration says.
struct CatalogueError : runtime::UsageError {
  using UsageError::UsageError;
};

}  // namespace chorale::catalogue
