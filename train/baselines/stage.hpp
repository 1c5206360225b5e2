// `chorale train` of a classical baseline.
#pragma once

#include <functional>

#include "pipeline/comm/mpi.hpp"
#include "pipeline/config/experiment.hpp"
#include "train/checkpoint/run_lock.hpp"

namespace chorale::train {

// Collective; rank 0 fits the model with so many threads, the others wait for it. Ends as train() does.
// `write_environment` is called on rank 0, with the run folder there. Precondition:
// config::is_baseline(experiment.model.name).
void train_baseline(const comm::MpiSession& session, const config::Experiment& experiment, Existing existing,
                    int threads, const std::function<void()>& write_environment);

}  // namespace chorale::train
