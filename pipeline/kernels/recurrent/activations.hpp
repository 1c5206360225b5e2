// The activations of gates, of whole vectors.
#pragma once

#include "pipeline/kernels/simd/vectors.hpp"

namespace chorale::kernels {
namespace {

// The rational function of degrees 13 and 6 that Eigen uses (generic_fast_tanh_float), without branches; NaN
// stays NaN. Largest error against the exact value 3e-7.
inline Vec tanh(Vec x) {
  const Vec limit = broadcast(7.99881172180175781f);
  x = x > limit ? limit : x;
  x = x < -limit ? -limit : x;
  const Vec square = x * x;
  Vec p = square * -2.76076847742355e-16f + 2.00018790482477e-13f;
  p = square * p - 8.60467152213735e-11f;
  p = square * p + 5.12229709037114e-08f;
  p = square * p + 1.48572235717979e-05f;
  p = square * p + 6.37261928875436e-04f;
  p = square * p + 4.89352455891786e-03f;
  Vec q = square * 1.19825839466702e-06f + 1.18534705686654e-04f;
  q = square * q + 2.26843463243900e-03f;
  q = square * q + 4.89352518554385e-03f;
  return x * p / q;
}

inline Vec sigmoid(Vec x) { return tanh(x * 0.5f) * 0.5f + 0.5f; }

}  // namespace
}  // namespace chorale::kernels
