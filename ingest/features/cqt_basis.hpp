// The filters of one octave of a constant-Q transform, as rows over the bins of an FFT:
// librosa.filters.wavelet and __vqt_filter_fft (core/constantq.py) with a Hann window, gamma 0, norm 1 and
// sparsity 0.01.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace chorale::features {

// One filter: `weights` of the bins first_bin, first_bin + 1, ...
struct CqtFilter {
  std::size_t first_bin = 0;
  std::vector<std::complex<float>> weights;
};

struct CqtBasis {
  std::size_t n_fft = 0;  // the longest filter's length, rounded up to a power of two
  std::vector<CqtFilter> filters;
  std::size_t first_bin = 0, end_bin = 0;  // of all filters
};

// For filters at `frequencies` Hz (ascending) of `lengths` samples (fractional) at `sample_rate` Hz.
CqtBasis make_cqt_basis(std::span<const double> frequencies, std::span<const double> lengths,
                        double sample_rate);

}  // namespace chorale::features
