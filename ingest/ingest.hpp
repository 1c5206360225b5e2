// The stage: builds or completes a store from a collection of audio, on any number of ranks.
#pragma once

#include <string>

#include "ingest/store_state.hpp"
#include "pipeline/comm/mpi.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::ingest {

// Returns, on rank 0, the line that says what the store holds. The store's bytes are a function of the
// collection, the configuration and this program's version alone. Collective. Throws UsageError (no audio,
// another job at work, StoreMismatch), Interrupted (finished shards are kept), StoreError (disk full), Error
// (no track could be used).
std::string run(const comm::MpiSession& session, const config::Experiment& experiment,
                OnMismatch on_mismatch);

}  // namespace chorale::ingest
