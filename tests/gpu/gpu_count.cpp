// Prints how many GPUs there are; without any, the reason, and fails.
#include <cstdio>

#include "pipeline/device/gpus.hpp"

int main() {
  const auto visible = chorale::device::visible_gpus();
  if (visible.gpus.empty()) {
    std::printf("%s\n", visible.why_none.c_str());
    return 1;
  }
  std::printf("%zu\n", visible.gpus.size());
  return 0;
}
