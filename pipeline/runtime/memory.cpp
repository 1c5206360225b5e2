#include "pipeline/runtime/memory.hpp"

#include <malloc.h>

#include <limits>

namespace chorale::runtime {

void keep_freed_memory() {
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

}  // namespace chorale::runtime
