// Fitting the process to the machine, and writing down which one it was.
#pragma once

#include <filesystem>
#include <string>

#include "pipeline/comm/mpi.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::train {

// Collective. train.threads; 0: OMP_NUM_THREADS, else the cores this process may run on, shared among the
// ranks of this node that may run on the same ones.
int threads_of_rank(const comm::MpiSession& session, const config::Train& options);

// Threads of torch for this process. The first call comes before any tensor operation.
void set_threads(int threads);

// environment.json: versions, commit, seeds, ranks, threads, host, processor and device of this session.
void write_environment(const std::filesystem::path& path, const comm::MpiSession& session,
                       const config::Experiment& experiment, const std::string& device);

}  // namespace chorale::train
