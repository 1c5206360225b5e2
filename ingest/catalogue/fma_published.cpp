#include "ingest/catalogue/fma_published.hpp"

namespace chorale::catalogue {
namespace {

// https://github.com/mdeff/fma/wiki and its issues 8, 36 and 44. docs/datasets.md has the same table.
const std::vector<std::uint32_t> kSmall = {
    98565, 98567,  98569,   // 1.6, 0.5 and 1.5 s
    99134, 108925, 133297,  // empty
};
const std::vector<std::uint32_t> kMedium = {1486,  5574,  65753,  80391,  98558,  98559,  98560, 98566,
                                            98568, 98571, 105247, 108924, 126981, 127336, 143992};
const std::vector<std::uint32_t> kFull = {80015, 115235, 117759};  // cannot be decoded

}  // namespace

std::vector<std::uint32_t> published_bad_clips(FmaSubset subset) {
  if (subset == FmaSubset::kFull) return kFull;
  std::vector<std::uint32_t> clips = kSmall;
  if (subset != FmaSubset::kSmall) clips.insert(clips.end(), kMedium.begin(), kMedium.end());
  return clips;
}

}  // namespace chorale::catalogue
