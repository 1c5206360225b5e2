#include "ingest/features/lanes.hpp"

#include "ingest/features/vector.hpp"

namespace chorale::features {

void to_lanes(const ConstRows& rows, std::size_t bins, float* lanes) {
  std::size_t bin = 0;
  for (; bin + 4 <= bins; bin += 4) {
    float* out = lanes + kLanes * bin;
    for (std::size_t half = 0; half < kLanes; half += 4) {
      transpose({rows[half] + bin, rows[half + 1] + bin, rows[half + 2] + bin, rows[half + 3] + bin},
                {out + half, out + half + kLanes, out + half + 2 * kLanes, out + half + 3 * kLanes});
    }
  }
  for (; bin < bins; ++bin) {
    for (std::size_t frame = 0; frame < kLanes; ++frame) lanes[kLanes * bin + frame] = rows[frame][bin];
  }
}

void from_lanes(const float* lanes, std::size_t bins, const Rows& rows, std::size_t frames) {
  std::size_t bin = 0;
  for (; frames == kLanes && bin + 4 <= bins; bin += 4) {
    const float* in = lanes + kLanes * bin;
    for (std::size_t half = 0; half < kLanes; half += 4) {
      transpose({in + half, in + half + kLanes, in + half + 2 * kLanes, in + half + 3 * kLanes},
                {rows[half] + bin, rows[half + 1] + bin, rows[half + 2] + bin, rows[half + 3] + bin});
    }
  }
  for (; bin < bins; ++bin) {
    for (std::size_t frame = 0; frame < frames; ++frame) rows[frame][bin] = lanes[kLanes * bin + frame];
  }
}

}  // namespace chorale::features
