// What becomes of a track's row when its audio is changed.
#pragma once

#include <span>

#include "ingest/audio/variants.hpp"
#include "ingest/catalogue/catalogue.hpp"
#include "pipeline/dataset/track.hpp"

namespace chorale::ingest {

// Throws UsageError when a recording of the collection has the id that a variant of another would get.
void check_ids(const catalogue::Catalogue& catalogue, std::span<const audio::Variant> variants);

// The track of a variant: id RECORDING~VARIANT, its path, group, split and labels, but
//  - a key moves with the pitch; by a fraction of a semitone it is unknown;
//  - a regression task called tempo or bpm is multiplied by the rate of a time stretch.
dataset::Track variant_of(const dataset::Track& recording, std::span<const dataset::Task> tasks,
                          const audio::Variant& variant);

}  // namespace chorale::ingest
