// Chroma, CENS and tonal centroids from a constant-Q transform, equal to librosa.feature.chroma_cqt,
// chroma_cens and tonnetz.
#pragma once

#include <cstddef>

#include "ingest/features/frames.hpp"

namespace chorale::features {

inline constexpr std::size_t kTonnetzDimensions = 6;  // fifths x, y; minor thirds x, y; major thirds x, y

// |CQT| [frames, octaves * bins_per_octave] from C up to its sum over octaves and over the bins nearest to
// each pitch class, [frames, 12] from C. librosa.filters.cq_to_chroma with n_chroma 12; bins_per_octave must
// be a multiple of 12 (features of 36 and, for FMA, 12).
void fold_octaves(const Frames& cqt, std::size_t bins_per_octave, Frames& chroma);

// librosa.feature.chroma_cqt of a folded CQT: each frame's maximum 1.
void chroma_cqt(const Frames& folded, Frames& chroma);

// librosa.feature.chroma_cens of a folded CQT: each frame's shares, in four steps of loudness, smoothed over
// 41 frames by a Hann window, of Euclidean norm 1.
void chroma_cens(const Frames& folded, Frames& cens);

// librosa.feature.tonnetz of any chroma [frames, 12]: its shares on the circles of fifths, minor and major
// thirds, [frames, 6].
void tonnetz(const Frames& chroma, Frames& centroids);

}  // namespace chorale::features
