// What can stand between two convolutions.
#pragma once

#include <cstdint>

namespace chorale::kernels {

enum class Activation { kNone, kRelu, kElu };
// Which of the two comes first after the convolution.
enum class BlockOrder { kActivationNorm, kNormActivation };
// What dropout drops: single values, or whole channels of a sample (Dropout2d).
enum class DropoutKind { kValues, kChannels };

struct PoolSize {
  std::int64_t height = 2, width = 2;  // 1 x 1: no pool
};

struct ConvTailOptions {
  Activation activation = Activation::kRelu;
  BlockOrder order = BlockOrder::kActivationNorm;
  PoolSize pool = {};
  DropoutKind dropout_kind = DropoutKind::kValues;
  double dropout = 0;  // probability; 0 outside training. Drawn from torch's default generator
};

}  // namespace chorale::kernels
