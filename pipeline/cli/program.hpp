// What every program of the project has in common: --help with an example, CONFIG key=value, one catch, exit status.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pipeline/comm/mpi.hpp"

namespace chorale::cli {

// Runs `body`, turns exceptions into one message on stderr and the exit status of pipeline/runtime/error.hpp. When a
// rank of an MPI job fails alone, the message names it and the whole job ends (no rank is left in a collective).
// Prefixes messages with `name`. Installs the stop signals and the log.
int run_program(const std::string& name, const std::function<int()>& body);

// As run_program, with an MPI session. An error that every rank has (wrong configuration) is printed once, by rank 0.
int run_mpi_program(const std::string& name, int argc, char** argv,
                    const std::function<int(const comm::MpiSession&)>& body);

// Positional arguments that are overrides: "key.path=value". Throws UsageError for anything else.
void check_overrides(const std::vector<std::string>& overrides);

extern const char* const kVersion;

}  // namespace chorale::cli
