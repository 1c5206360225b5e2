// What every program of the project has in common: --help with an example, CONFIG key=value, one catch, exit
// status.
//
//   int main(int argc, char** argv) {
//     return cli::run_program("chorale-inspect", [&] {
//       CLI::App app("Describes a store, run or checkpoint.");
//       ...
//       if (const auto status = cli::parse_arguments(app, argc, argv)) return *status;
//       ...
//     });
//   }
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/comm/mpi.hpp"

namespace CLI {
class App;
}

namespace chorale::cli {

// Runs `body` with stop signals and log installed. An exception becomes one message on stderr ("name: error:
// ...") and the exit status of pipeline/runtime/error.hpp.
int run_program(const std::string& name, const std::function<int()>& body);

// As run_program, with an MPI session. Every rank returns the same exit status (1 before 2 before 75 before
// 0).
//  - An error that several ranks have (wrong configuration) is printed once.
//  - A rank that fails alone is named with its host. When the others do not come to an end of their own
//  within a few
//    seconds, they are waiting for it or working in vain, and the whole job is aborted.
//  - Interrupted and success wait for the other ranks: they may still be saving.
int run_mpi_program(const std::string& name, int argc, char** argv,
                    const std::function<int(const comm::MpiSession&)>& body);

// Parses the command line. --help and --version print on stdout and give the exit status to return at once.
// Throws UsageError for wrong usage.
std::optional<int> parse_arguments(CLI::App& app, int argc, char** argv);

// Positional arguments that are overrides: "key.path=value". Throws UsageError for anything else.
void check_overrides(const std::vector<std::string>& overrides);

extern const char* const kVersion;

}  // namespace chorale::cli
