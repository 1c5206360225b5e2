// `chorale train`: one run, from its configuration to its last checkpoint.
#pragma once

#include "pipeline/comm/mpi.hpp"
#include "pipeline/config/experiment.hpp"
#include "train/checkpoint/run_lock.hpp"

namespace chorale::train {

// Collective. Trains the experiment, or continues it where its run folder says; returns at once when it is
// finished. Prints the result on stdout. Works with the threads that set_threads (machine.hpp) gave the
// process. Errors: see the headers of store, checkpoint, samples and trainer.
void train(const comm::MpiSession& session, const config::Experiment& experiment, Existing existing);

}  // namespace chorale::train
