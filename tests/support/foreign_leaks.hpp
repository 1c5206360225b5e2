// Memory that a library loses by itself, for LeakSanitizer to overlook.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace chorale::testing_support {

// What is allocated while it lives is no leak.
class ForeignLeaks {
 public:
#if defined(__SANITIZE_ADDRESS__)
  ForeignLeaks() { __lsan_disable(); }
  ~ForeignLeaks() { __lsan_enable(); }
#else
  ForeignLeaks() {}
  ~ForeignLeaks() {}
#endif
  ForeignLeaks(const ForeignLeaks&) = delete;
  ForeignLeaks& operator=(const ForeignLeaks&) = delete;
};

}  // namespace chorale::testing_support
