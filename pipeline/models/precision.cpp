#include "pipeline/models/precision.hpp"

#include <ATen/autocast_mode.h>

namespace chorale::models {

PrecisionGuard::PrecisionGuard(config::Precision precision, c10::DeviceType device)
    : device_(device), before_(at::autocast::is_autocast_enabled(device)) {
  at::autocast::set_autocast_enabled(device_, precision == config::Precision::kBf16);
  at::autocast::set_autocast_dtype(device_, at::kBFloat16);
}

PrecisionGuard::~PrecisionGuard() {
  at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, before_);
}

}  // namespace chorale::models
