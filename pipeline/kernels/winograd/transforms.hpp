// The three transforms of kernels.hpp and their transposes, of a vector of channels. Points [4, 4].
#pragma once

#include "pipeline/kernels/simd/vectors.hpp"

namespace chorale::kernels {
namespace {

#define CHORALE_INLINE [[gnu::always_inline]] inline

// B^T, of a column.
CHORALE_INLINE void patch_transform(const Vec (&x)[4], Vec (&v)[4]) {
  v[0] = x[0] - x[2];
  v[1] = x[1] + x[2];
  v[2] = x[2] - x[1];
  v[3] = x[1] - x[3];
}

// G, of a column.
CHORALE_INLINE void filter_transform(const Vec (&g)[3], Vec (&u)[4]) {
  const Vec outer = (g[0] + g[2]) * 0.5f, middle = g[1] * 0.5f;
  u[0] = g[0];
  u[1] = outer + middle;
  u[2] = outer - middle;
  u[3] = g[2];
}

// G^T, of a column.
CHORALE_INLINE void filter_gradient_transform(const Vec (&u)[4], Vec (&g)[3]) {
  const Vec sum = (u[1] + u[2]) * 0.5f;
  g[0] = u[0] + sum;
  g[1] = (u[1] - u[2]) * 0.5f;
  g[2] = sum + u[3];
}

// A^T, of a column.
CHORALE_INLINE void output_transform(const Vec (&m)[4], Vec (&y)[2]) {
  y[0] = m[0] + m[1] + m[2];
  y[1] = m[1] - m[2] - m[3];
}

// A, of a column.
CHORALE_INLINE void gradient_transform(const Vec (&dy)[2], Vec (&z)[4]) {
  z[0] = dy[0];
  z[1] = dy[0] + dy[1];
  z[2] = dy[0] - dy[1];
  z[3] = -dy[1];
}

// The transform of columns, then of rows: [From, From] -> [To, To].
template <int From, int To, class OfColumn>
CHORALE_INLINE void transform_both_ways(const Vec (&from)[From * From], Vec (&to)[To * To],
                                        const OfColumn& of_column) {
  Vec half[To][From];
#pragma GCC unroll 4
  for (int j = 0; j < From; ++j) {
    Vec column[From], result[To];
#pragma GCC unroll 4
    for (int i = 0; i < From; ++i) column[i] = from[i * From + j];
    of_column(column, result);
#pragma GCC unroll 4
    for (int i = 0; i < To; ++i) half[i][j] = result[i];
  }
#pragma GCC unroll 4
  for (int i = 0; i < To; ++i) {
    Vec result[To];
    of_column(half[i], result);
#pragma GCC unroll 4
    for (int j = 0; j < To; ++j) to[i * To + j] = result[j];
  }
}

}  // namespace
}  // namespace chorale::kernels
