// The named sets of features as features.store knows them: one row of numbers a track.
#pragma once

#include "ingest/features/outputs.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::features {

Output make_features_103(const config::Experiment& experiment);
Output make_features_518(const config::Experiment& experiment);

}  // namespace chorale::features
