#include "pipeline/runtime/host.hpp"

#include <unistd.h>

#include <array>

namespace chorale::runtime {

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace chorale::runtime
