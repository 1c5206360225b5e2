// What has to hold between keys, and what a stage needs to be set.
#pragma once

#include <string>
#include <vector>

#include "pipeline/config/config.hpp"

namespace chorale::config {

struct Finding {
  std::vector<std::string> keys;  // the keys involved; the first is the one to change
  std::string message;
};

// Whether tracks are dealt out at random though the collection is known to hold many songs an artist (GTZAN,
// FMA), so that figures depend on the groups.
bool is_random_split_of_artists(const Experiment& experiment);

// What to do when such a split would ignore artists.
extern const char* const kArtistsRemedy;

std::vector<Finding> check(const Experiment& experiment, Stage stage);

}  // namespace chorale::config
