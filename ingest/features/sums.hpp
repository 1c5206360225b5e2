// Sums in lanes: a fixed order of summation, so that they are fast and the same bits whatever the width of
// the machine's vectors.
#pragma once

#include <span>

namespace chorale::features {

// sum a[i] b[i], in single precision. Precondition: b is as long as a.
float dot(std::span<const float> a, std::span<const float> b);

// In double precision.
double sum(std::span<const float> values);
double sum_of_magnitudes(std::span<const float> values);
double sum_of_squares(std::span<const float> values);

}  // namespace chorale::features
