#pragma once

#include <span>

namespace chorale::runtime {

// The largest |value|; infinity or NaN when one of them is. 0 of none.
float largest_magnitude(std::span<const float> values);

// The largest value. Precondition: none is NaN, and there is one.
float largest(std::span<const float> values);

}  // namespace chorale::runtime
