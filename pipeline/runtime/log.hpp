// Log lines on stderr through spdlog; results go to stdout and never through here.
#pragma once

#include <spdlog/spdlog.h>

namespace chorale::runtime {

// Sets the pattern "[12:00:00 rank/size] level: message" (no rank part when size is 1).
// CHORALE_LOG=debug|info|warn sets the level.
void init_log(int rank, int size);

}  // namespace chorale::runtime
