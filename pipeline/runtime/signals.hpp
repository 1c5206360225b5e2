// Stop requests: SIGTERM, SIGINT and SIGUSR1 set a flag that every long loop polls.
#pragma once

#include <chrono>

namespace chorale::runtime {

// Installs the handlers. A second SIGINT (Ctrl-C) ends the process at once; other signals may be repeated.
void install_stop_signals();

bool stop_requested() noexcept;

// As if a signal had arrived (rank 0 passes on what another rank was told).
void request_stop() noexcept;

// Ends the process with `exit_status` when it still lives after `time`, whatever its threads are doing.
void exit_after(std::chrono::seconds time, int exit_status) noexcept;

}  // namespace chorale::runtime
