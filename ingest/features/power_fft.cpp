#include "ingest/features/power_fft.hpp"

#include <cmath>
#include <cstring>
#include <numbers>
#include <vector>

#include "ingest/features/small_fft.hpp"
#include "ingest/features/vector.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#define CHORALE_X86 1
#else
#define CHORALE_X86 0
#endif

// A frame of n real samples is one of M = n / 2 complex ones, the even samples being the real parts. M = R C:
// sample C r + c goes into column c, whose transform over r is turned by exp(-2 pi i c k / M) and put into
// row k; the transform of row k over c gives Z[k + R j], j = 0 ... C - 1. (The six-step transform; Bailey,
// 1990.) From Z[k] and Z[M - k] follow X[k] and X[M - k] of the real frame, of which only the power is kept.
namespace chorale::features {
namespace {

using small_fft::Complex;
using small_fft::Lanes;
using small_fft::multiply;

struct Root {
  double re = 1, im = 0;
};

// exp(-2 pi i k / n)
Root root(std::size_t k, std::size_t n) {
  const double angle = -2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
  return {std::cos(angle), std::sin(angle)};
}

constexpr int kRows1024 = 16, kRows2048 = 32, kColumns = 32;

// What a transform works with. Rows lie one number further apart than they are long: columns would else meet
// in the same lines of the cache.
template <std::size_t W>
struct Work {
  std::vector<double> window;
  std::vector<Root> turns;   // exp(-2 pi i c k / M), [k][c]
  std::vector<Root> halves;  // exp(-2 pi i k / n), k = 0 ... M
  Complex<W> rows[kRows2048 * (kColumns + 1)];
};

template <std::size_t W>
CHORALE_INLINE void load(const float* lanes, double factor, typename Lanes<W>::Reals& out) {
  typename Lanes<W>::Singles singles;
  std::memcpy(&singles, lanes, sizeof singles);
  out = __builtin_convertvector(singles, typename Lanes<W>::Reals) * factor;
}

template <std::size_t W>
CHORALE_INLINE void store_power(const Complex<W>& x, float* lanes) {
  const auto singles = __builtin_convertvector(x.re * x.re + x.im * x.im, typename Lanes<W>::Singles);
  std::memcpy(lanes, &singles, sizeof singles);
}

// Eight samples from `first` on of the frames in W lanes, [sample][lane].
template <std::size_t W>
CHORALE_INLINE void load_tile(const ConstRows& frames, std::size_t lane, std::size_t first,
                              float (&tile)[8][W]) {
  if constexpr (W >= 4) {
#pragma GCC unroll 2
    for (std::size_t i = 0; i < W; i += 4) {
      const float *a = frames[lane + i] + first, *b = frames[lane + i + 1] + first;
      const float *c = frames[lane + i + 2] + first, *d = frames[lane + i + 3] + first;
      transpose({a, b, c, d}, {tile[0] + i, tile[1] + i, tile[2] + i, tile[3] + i});
      transpose({a + 4, b + 4, c + 4, d + 4}, {tile[4] + i, tile[5] + i, tile[6] + i, tile[7] + i});
    }
  } else {
    for (std::size_t i = 0; i < W; ++i) {
      for (std::size_t s = 0; s < 8; ++s) tile[s][i] = frames[lane + i][first + s];
    }
  }
}

// Four columns at a time: eight samples that follow on each other, in each of R places.
template <int R, int C, std::size_t W>
CHORALE_INLINE void transform_columns(Work<W>& work, const ConstRows& frames, std::size_t lane) {
  for (int first = 0; first < C; first += 4) {
    float tiles[R][8][W];
    for (int r = 0; r < R; ++r)
      load_tile<W>(frames, lane, static_cast<std::size_t>(2 * (C * r + first)), tiles[r]);
    for (int c = first; c < first + 4; ++c) {
      Complex<W> x[R], y[R];
#pragma GCC unroll 32
      for (int r = 0; r < R; ++r) {
        const double* window = work.window.data() + 2 * (C * r + c);
        load<W>(tiles[r][2 * (c - first)], window[0], x[r].re);
        load<W>(tiles[r][2 * (c - first) + 1], window[1], x[r].im);
      }
      small_fft::transform<R>(x, y);
#pragma GCC unroll 32
      for (int k = 0; k < R; ++k) {
        const Root turn = work.turns[static_cast<std::size_t>(k * C + c)];
        multiply(y[k], turn.re, turn.im);
        small_fft::copy(y[k], work.rows[k * (C + 1) + c]);
      }
    }
  }
}

// The powers of X[k] = E + T and X[M - k] = conj(E - T), where E = (Z[k] + conj Z[M - k]) / 2 and
// T = exp(-2 pi i k / n) (Z[k] - conj Z[M - k]) / 2i.
template <std::size_t W>
CHORALE_INLINE void split(const Complex<W>& z, const Complex<W>& mirrored, const Root& half, float* power,
                          float* mirrored_power) {
  const Complex<W> even = {(z.re + mirrored.re) * 0.5, (z.im - mirrored.im) * 0.5};
  Complex<W> odd = {(z.im + mirrored.im) * 0.5, (mirrored.re - z.re) * 0.5};
  multiply(odd, half.re, half.im);
  store_power<W>({even.re + odd.re, even.im + odd.im}, power);
  store_power<W>({even.re - odd.re, even.im - odd.im}, mirrored_power);
}

template <int R, int C, std::size_t W>
CHORALE_INLINE void transform_rows(Work<W>& work, float* power) {
  constexpr int M = R * C;
  Complex<W> a[C], b[C];
  const auto row = [&](int k) { return work.rows + k * (C + 1); };
  const auto put = [&](const Complex<W>& z, const Complex<W>& mirrored, int k) {
    split<W>(z, mirrored, work.halves[static_cast<std::size_t>(k)], power + static_cast<int>(kLanes) * k,
             power + static_cast<int>(kLanes) * (M - k));
  };
  small_fft::transform<C>(row(0), a);
  put(a[0], a[0], 0);
  for (int j = 1; j <= C / 2; ++j) put(a[j], a[C - j], R * j);
  for (int k = 1; k < R / 2; ++k) {
    small_fft::transform<C>(row(k), a);
    small_fft::transform<C>(row(R - k), b);
    for (int j = 0; j < C; ++j) put(a[j], b[C - 1 - j], k + R * j);
  }
  small_fft::transform<C>(row(R / 2), a);
  for (int j = 0; j < C / 2; ++j) put(a[j], a[C - 1 - j], R / 2 + R * j);
}

template <std::size_t W>
CHORALE_INLINE void transform(Work<W>& work, const ConstRows& frames, float* power) {
  for (std::size_t lane = 0; lane < kLanes; lane += W) {
    if (work.window.size() == 2048) {
      transform_columns<kRows2048, kColumns>(work, frames, lane);
      transform_rows<kRows2048, kColumns>(work, power + lane);
    } else {
      transform_columns<kRows1024, kColumns>(work, frames, lane);
      transform_rows<kRows1024, kColumns>(work, power + lane);
    }
  }
}

#if CHORALE_X86
[[gnu::target("avx512f")]] void compute(Work<8>& work, const ConstRows& frames, float* power) {
  transform(work, frames, power);
}
[[gnu::target("avx2")]] void compute(Work<4>& work, const ConstRows& frames, float* power) {
  transform(work, frames, power);
}
#endif
void compute(Work<2>& work, const ConstRows& frames, float* power) { transform(work, frames, power); }

}  // namespace

struct PowerFft::Kernel {
  virtual ~Kernel() = default;
  virtual void run(const ConstRows& frames, float* power) = 0;
};

namespace {

template <std::size_t W>
class KernelOf : public PowerFft::Kernel {
 public:
  explicit KernelOf(std::span<const double> window) {
    const std::size_t n = window.size(), rows = n / 2 / kColumns;
    work_.window.assign(window.begin(), window.end());
    for (std::size_t k = 0; k < rows; ++k) {
      for (std::size_t c = 0; c < kColumns; ++c) work_.turns.push_back(root(c * k, n / 2));
    }
    for (std::size_t k = 0; k <= n / 2; ++k) work_.halves.push_back(root(k, n));
  }

  void run(const ConstRows& frames, float* power) override { compute(work_, frames, power); }

 private:
  Work<W> work_;
};

std::unique_ptr<PowerFft::Kernel> make_kernel(std::span<const double> window, std::size_t width) {
#if CHORALE_X86
  if (width == 8) return std::make_unique<KernelOf<8>>(window);
  if (width == 4) return std::make_unique<KernelOf<4>>(window);
#endif
  static_cast<void>(width);
  return std::make_unique<KernelOf<2>>(window);
}

}  // namespace

std::size_t PowerFft::widest() {
#if CHORALE_X86
  if (__builtin_cpu_supports("avx512f")) return 8;
  if (__builtin_cpu_supports("avx2")) return 4;
#endif
  return 2;
}

PowerFft::PowerFft(std::span<const double> window, std::size_t width) : kernel_(make_kernel(window, width)) {}
PowerFft::~PowerFft() = default;
PowerFft::PowerFft(PowerFft&&) noexcept = default;

void PowerFft::compute(std::span<const float> samples, std::size_t hop, std::span<float> power) {
  ConstRows frames;
  for (std::size_t f = 0; f < kLanes; ++f) frames[f] = samples.data() + f * hop;
  kernel_->run(frames, power.data());
}

}  // namespace chorale::features
