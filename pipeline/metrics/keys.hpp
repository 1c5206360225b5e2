// The weighted score of key estimation (MIREX; Raffel et al., mir_eval.key.weighted_score).
#pragma once

#include <cstdint>

namespace chorale::metrics {

// `truth` and `estimate` are indices into dataset::key_names(). The same key 1; a fifth above in the same
// mode 0.5; relative major or minor 0.3; parallel major or minor 0.2; else 0.
double key_score(std::int32_t truth, std::int32_t estimate);

}  // namespace chorale::metrics
