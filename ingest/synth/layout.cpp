#include "ingest/synth/layout.hpp"

#include <array>

namespace chorale::synth {

std::span<const LayoutKind> layouts() {
  static const std::array kLayouts = {kGtzanLayout, kFmaLayout};
  return kLayouts;
}

}  // namespace chorale::synth
