#pragma once

#include "pipeline/runtime/error.hpp"

namespace chorale::audio {

// Why a file cannot be used. The message leaves the path out, as a quarantine row has it already.
struct DecodeError : runtime::Error {
  using Error::Error;
};

}  // namespace chorale::audio
