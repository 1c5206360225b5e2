// Why an effect cannot be applied to a recording: a quarantine row, never zeros in its place.
#pragma once

#include "pipeline/runtime/error.hpp"

namespace chorale::audio {

struct EffectError : runtime::Error {
  using Error::Error;
};

}  // namespace chorale::audio
