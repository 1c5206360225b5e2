// The machine this process runs on.
#pragma once

#include <string>

namespace chorale::runtime {

std::string host_name();

}  // namespace chorale::runtime
