// What the configuration says of audio, as the options of what works on it.
#pragma once

#include <cstdint>
#include <vector>

#include "ingest/audio/clean.hpp"
#include "ingest/audio/load.hpp"
#include "ingest/audio/variants.hpp"
#include "pipeline/config/experiment.hpp"

namespace chorale::ingest {

std::uint64_t max_file_bytes(const config::Audio& audio);
audio::LoadOptions load_options(const config::Audio& audio);
audio::CleanOptions clean_options(const config::Clean& clean);
// One for each number of the options. Throws UsageError for a number that is twice in a list.
std::vector<audio::Variant> make_variants(const config::Augment& augment);

}  // namespace chorale::ingest
