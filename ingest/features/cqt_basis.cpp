#include "ingest/features/cqt_basis.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "ingest/features/fftw.hpp"

namespace chorale::features {
namespace {

constexpr float kSparsity = 0.01F;  // of a filter's summed magnitude, dropped from its smallest bins

// The filter in time: a complex tone of phase 0 in the middle of n_fft samples, in a periodic Hann window of
// its length, so scaled that the magnitudes sum to length / n_fft. Rounded to float32 where librosa rounds.
std::vector<std::complex<float>> wavelet(double frequency, double length, double sample_rate,
                                         std::size_t n_fft) {
  const double from = std::floor(-length / 2);
  const auto count = static_cast<std::size_t>(std::floor(length / 2) - from);
  std::vector<std::complex<double>> tone(count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double turn = static_cast<double>(i) / static_cast<double>(count);
    const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * turn);
    const double angle = (from + static_cast<double>(i)) * 2 * std::numbers::pi * frequency / sample_rate;
    tone[i] = {window * std::cos(angle), window * std::sin(angle)};
    sum += std::abs(tone[i]);
  }
  std::vector<std::complex<float>> filter(n_fft);
  const std::size_t begin = (n_fft - count) / 2;
  const double scale = length / static_cast<double>(n_fft);
  for (std::size_t i = 0; i < count; ++i) {
    const std::complex<float> unit(tone[i] / sum);
    filter[begin + i] = std::complex<float>(std::complex<double>(unit) * scale);
  }
  return filter;
}

// The FFT of complex values, its bins 0 ... n/2.
std::vector<std::complex<float>> spectrum(std::span<const std::complex<float>> values, RealFft& fft) {
  std::vector<std::complex<double>> bins(1 + fft.size() / 2);
  for (const auto unit : {std::complex<double>(1, 0), std::complex<double>(0, 1)}) {
    const auto part = [&](std::complex<float> value) {
      return unit.imag() == 0 ? value.real() : value.imag();
    };
    std::transform(values.begin(), values.end(), fft.input().begin(), part);
    const auto result = fft.execute();
    for (std::size_t i = 0; i < bins.size(); ++i) bins[i] += unit * result[i];
  }
  return {bins.begin(), bins.end()};
}

// librosa.util.sparsify_rows: the smallest magnitude that stays, where those below it sum to less than
// kSparsity of all.
float smallest_kept(std::vector<float> magnitudes) {
  float sum = 0;
  for (const float magnitude : magnitudes) sum += magnitude;
  std::sort(magnitudes.begin(), magnitudes.end());
  float cumulative = 0;
  for (const float magnitude : magnitudes) {
    cumulative += magnitude / sum;
    if (!(cumulative < kSparsity)) return magnitude;
  }
  return 0;
}

CqtFilter sparsify(const std::vector<std::complex<float>>& bins) {
  std::vector<float> magnitudes(bins.size());
  std::transform(bins.begin(), bins.end(), magnitudes.begin(), [](auto bin) { return std::abs(bin); });
  const float smallest = smallest_kept(magnitudes);
  const auto keeps = [&](std::size_t bin) { return magnitudes[bin] >= smallest; };
  std::size_t first = 0, last = bins.size();
  while (!keeps(first)) ++first;
  while (!keeps(last - 1)) --last;
  CqtFilter filter{first, std::vector<std::complex<float>>(last - first)};
  for (std::size_t bin = first; bin < last; ++bin) {
    if (keeps(bin)) filter.weights[bin - first] = bins[bin];
  }
  return filter;
}

}  // namespace

CqtBasis make_cqt_basis(std::span<const double> frequencies, std::span<const double> lengths,
                        double sample_rate) {
  const double longest = *std::max_element(lengths.begin(), lengths.end());
  CqtBasis basis;
  basis.n_fft = std::bit_ceil(static_cast<std::size_t>(std::ceil(longest)));
  basis.first_bin = basis.n_fft;
  RealFft fft(basis.n_fft);
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const auto in_time = wavelet(frequencies[i], lengths[i], sample_rate, basis.n_fft);
    const CqtFilter& filter = basis.filters.emplace_back(sparsify(spectrum(in_time, fft)));
    basis.first_bin = std::min(basis.first_bin, filter.first_bin);
    basis.end_bin = std::max(basis.end_bin, filter.first_bin + filter.weights.size());
  }
  return basis;
}

}  // namespace chorale::features
