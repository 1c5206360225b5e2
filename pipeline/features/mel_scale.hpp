// The mel scale of Slaney's Auditory Toolbox, as librosa.hz_to_mel and mel_to_hz have it with htk=False:
// linear below 1000 Hz, logarithmic above.
#pragma once

#include <cstddef>

namespace chorale::features {

double hz_to_mel(double hz);
double mel_to_hz(double mel);

// The place of a frequency among the centres of `n_mels` bands between fmin and fmax (Hz): 0 at the first,
// n_mels - 1 at the last.
double mel_band_of(double hz, double fmin, double fmax, std::size_t n_mels);

}  // namespace chorale::features
