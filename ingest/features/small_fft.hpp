// Fourier transforms of 2 to 32 complex numbers in lanes, unrolled by the compiler. Not for use outside of
// power_fft.cpp, whose functions inline them for each width of vectors.
#pragma once

#include <cstddef>

#define CHORALE_INLINE [[gnu::always_inline]] inline

namespace chorale::features::small_fft {

// W numbers, one a lane.
template <std::size_t W>
struct Lanes {
  using Reals [[gnu::vector_size(W * sizeof(double))]] = double;
  using Singles [[gnu::vector_size(W * sizeof(float))]] = float;
};

template <std::size_t W>
struct Complex {
  typename Lanes<W>::Reals re, im;
};

// cos(2 pi k / 32), k = 0 ... 8
inline constexpr double kCosines[] = {1.0,
                                      0.98078528040323044912618223613424,
                                      0.92387953251128675612818318939679,
                                      0.83146961230254523707878837761791,
                                      0.70710678118654752440084436210485,
                                      0.55557023301960222474283081394853,
                                      0.38268343236508977172845998403040,
                                      0.19509032201612826784828487846702,
                                      0.0};

CHORALE_INLINE constexpr double cosine(int k) {
  k &= 31;
  if (k > 16) k = 32 - k;
  return k <= 8 ? kCosines[k] : -kCosines[16 - k];
}

// Member by member: as a whole, the compiler copies it through memory.
template <std::size_t W>
CHORALE_INLINE void copy(const Complex<W>& from, Complex<W>& to) {
  to.re = from.re;
  to.im = from.im;
}

template <std::size_t W>
CHORALE_INLINE void multiply(Complex<W>& x, double re, double im) {
  const auto real = x.re * re - x.im * im;
  x.im = x.re * im + x.im * re;
  x.re = real;
}

// x exp(-2 pi i k / 32). `k` is a constant once loops are unrolled.
template <std::size_t W>
CHORALE_INLINE void turn(Complex<W>& x, int k) {
  k &= 31;
  const auto re = x.re, im = x.im;
  if (k == 0) return;
  if (k == 8) {
    x.re = im;
    x.im = -re;
  } else if (k == 4) {
    x.re = (re + im) * kCosines[4];
    x.im = (im - re) * kCosines[4];
  } else if (k == 12) {
    x.re = (im - re) * kCosines[4];
    x.im = (re + im) * -kCosines[4];
  } else {
    multiply(x, cosine(k), -cosine(k - 8));
  }
}

template <std::size_t W>
CHORALE_INLINE void butterfly(Complex<W>& a, Complex<W>& b) {
  const auto re = a.re - b.re, im = a.im - b.im;
  a.re += b.re;
  a.im += b.im;
  b.re = re;
  b.im = im;
}

// The transform of a, b, c, d, in the order X0, X2, X1, X3.
template <std::size_t W>
CHORALE_INLINE void transform4(Complex<W>& a, Complex<W>& b, Complex<W>& c, Complex<W>& d) {
  butterfly(a, c);
  butterfly(b, d);
  butterfly(a, b);
  const auto re = d.im, im = d.re;
  d.re = c.re - re;
  d.im = c.im + im;
  c.re += re;
  c.im -= im;
}

// out = the transform of x, N = 2, 4, 8, 16 or 32, both in natural order. With N = 4 Q: 4-point transforms of
// x[i], x[Q + i], x[2Q + i], x[3Q + i], turned by i k / N, then transforms of length Q.
template <int N, std::size_t W>
CHORALE_INLINE void transform(const Complex<W>* x, Complex<W>* out) {
  if constexpr (N == 2) {
    copy(x[0], out[0]);
    copy(x[1], out[1]);
    butterfly(out[0], out[1]);
  } else {
    constexpr int Q = N / 4;
    Complex<W> rows[4][Q];
#pragma GCC unroll 8
    for (int i = 0; i < Q; ++i) {
      copy(x[i], rows[0][i]);
      copy(x[Q + i], rows[2][i]);
      copy(x[2 * Q + i], rows[1][i]);
      copy(x[3 * Q + i], rows[3][i]);
      transform4(rows[0][i], rows[2][i], rows[1][i], rows[3][i]);
      turn(rows[1][i], 32 / N * i);
      turn(rows[2][i], 64 / N * i);
      turn(rows[3][i], 96 / N * i);
    }
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) {
      Complex<W> row[Q];
      if constexpr (Q == 1) {
        copy(rows[k][0], row[0]);
      } else {
        transform<Q>(rows[k], row);
      }
#pragma GCC unroll 8
      for (int j = 0; j < Q; ++j) copy(row[j], out[k + 4 * j]);
    }
  }
}

}  // namespace chorale::features::small_fft
