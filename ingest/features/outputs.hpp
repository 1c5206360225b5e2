// What features.store can name: how each is described in the store, and computed from an analysis.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "ingest/features/analysis.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/store/feature.hpp"

namespace chorale::features {

struct Output {
  store::Feature feature;
  // [frames, width], [width], or frame numbers, as feature.kind says; valid until the next call. Keeps its
  // buffers, so one track at a time.
  std::function<std::span<const float>(Analysis&)> compute;
};

// Precondition: `name` is one of those that the configuration allows in features.store.
Output make_output(const std::string& name, const config::Experiment& experiment);

}  // namespace chorale::features
