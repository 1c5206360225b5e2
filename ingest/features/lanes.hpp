// Eight frames side by side, bin by bin: [bins][kLanes]. What is computed of frames in lanes takes the same
// steps in each, so the bits of a frame depend neither on its neighbours nor on the width of the machine's
// vectors.
#pragma once

#include <array>
#include <cstddef>

namespace chorale::features {

inline constexpr std::size_t kLanes = 8;

using Rows = std::array<float*, kLanes>;
using ConstRows = std::array<const float*, kLanes>;

// lanes[bin][frame] = rows[frame][bin], for `bins` bins.
void to_lanes(const ConstRows& rows, std::size_t bins, float* lanes);

// The reverse, of the first `frames` rows.
void from_lanes(const float* lanes, std::size_t bins, const Rows& rows, std::size_t frames = kLanes);

}  // namespace chorale::features
