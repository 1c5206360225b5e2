// Stop requests: SIGTERM, SIGINT and SIGUSR1 set a flag that every long loop polls.
#pragma once

namespace chorale::runtime {

// Installs the handlers. A second SIGINT (Ctrl-C) ends the process at once; other signals may be repeated.
void install_stop_signals();

bool stop_requested() noexcept;

// As if a signal had arrived (rank 0 passes on what another rank was told).
void request_stop() noexcept;

}  // namespace chorale::runtime
