// What a finished ingest says of its store.
#pragma once

#include <string>

#include "pipeline/config/experiment.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::ingest {

// Throws Error when no track could be used.
void require_tracks(const store::Store& store, const config::Dataset& dataset);

// Logs what a user should know: artists that are not known, files that stand there twice, and for FMA which
// of the clips that are published as bad were found to be.
void log_findings(const store::Store& store, const config::Experiment& experiment);

// "120 tracks, 1.00 hours in 2 shards, 3 quarantined (reasons: decode 3)"
std::string describe(const store::Store& store);

// "of the 6 clips published as bad in FMA small, 5 are: 3 in quarantine, 2 shorter than 5 s; 1 are not:
// 000042; ...". Where audio.duration cuts all clips below 5 s, none is called short.
std::string compare_with_published(const store::Store& store, const config::Experiment& experiment);

}  // namespace chorale::ingest
