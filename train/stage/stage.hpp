// `chorale train`: one run, from its configuration to its last checkpoint.
#pragma once

#include <string>
#include <vector>

#include "pipeline/comm/mpi.hpp"
#include "train/checkpoint/run_lock.hpp"

namespace chorale::train {

// Collective. Trains the experiment, or continues it where its run folder says; returns at once when it is
// finished. Prints the result on stdout. Errors: see the headers of config, store, checkpoint, samples and
// trainer.
void train(const comm::MpiSession& session, const std::string& config_file,
           const std::vector<std::string>& overrides, Existing existing);

}  // namespace chorale::train
