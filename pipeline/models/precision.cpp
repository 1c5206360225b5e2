#include "pipeline/models/precision.hpp"

#include <ATen/autocast_mode.h>

namespace chorale::models {

PrecisionGuard::PrecisionGuard(config::Precision precision)
    : before_(at::autocast::is_autocast_enabled(at::kCPU)) {
  at::autocast::set_autocast_enabled(at::kCPU, precision == config::Precision::kBf16);
  at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
}

PrecisionGuard::~PrecisionGuard() {
  at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(at::kCPU, before_);
}

}  // namespace chorale::models
