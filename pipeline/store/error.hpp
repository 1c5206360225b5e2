// What can be wrong with a store.
#pragma once

#include "pipeline/runtime/error.hpp"

namespace chorale::store {

struct StoreError : runtime::Error {
  using Error::Error;
};
// The store is not what the configuration asks for: exit status 2, says which keys differ.
struct StoreMismatch : runtime::UsageError {
  using UsageError::UsageError;
};

}  // namespace chorale::store
