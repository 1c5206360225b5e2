// What rank 0 finds out for all.
#pragma once

#include <functional>
#include <string>

#include "pipeline/comm/mpi.hpp"

namespace chorale::comm {

// Runs `make` on rank 0 alone and returns its text on every rank. When it throws, every rank throws: rank 0
// the same exception, the others one with the same message and exit status, so that none is left waiting.
// Collective.
std::string from_rank_zero(const MpiSession& session, const std::function<std::string()>& make);

}  // namespace chorale::comm
