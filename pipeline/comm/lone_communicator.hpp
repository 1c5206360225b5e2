// Communicator of a process that is alone: every collective is done at once.
#pragma once

#include <memory>

#include "pipeline/comm/communicator.hpp"

namespace chorale::comm {

std::unique_ptr<Communicator> make_lone_communicator();

}  // namespace chorale::comm
