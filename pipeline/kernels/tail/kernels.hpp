// The loops behind conv_tail(), over raw memory: activations [images, height, width, channels], dense, float
// or bfloat16. In what follows, of one channel,
//   a = before(x), z = scale a + shift, peak = the x of the window's largest z, out = dropped(after(max z))
// where one of the activations `before` and `after` the normalisation is kNone. Without normalisation scale
// is 1 and shift 0.
#pragma once

#include <cstdint>

#include "pipeline/kernels/block_options.hpp"

// Inlined even without optimisation: what the linker shares between files must not depend on the processor
// that a file is compiled for.
#define CHORALE_INLINE __attribute__((always_inline)) inline

namespace chorale::kernels {

enum class Element { kFloat, kBfloat16 };

// A strip is as many rows of an image as a window is high: those of one row of the output, or at the end of
// an image what is left over.
struct Geometry {
  std::int64_t images = 0, height = 0, width = 0, channels = 0;
  PoolSize pool = {};

  CHORALE_INLINE std::int64_t out_height() const { return height / pool.height; }
  CHORALE_INLINE std::int64_t out_width() const { return width / pool.width; }
  CHORALE_INLINE std::int64_t positions() const { return images * height * width; }
  CHORALE_INLINE std::int64_t out_positions() const { return images * out_height() * out_width(); }
  CHORALE_INLINE std::int64_t strips_of_image() const { return (height + pool.height - 1) / pool.height; }
  CHORALE_INLINE std::int64_t strips() const { return images * strips_of_image(); }
};

constexpr std::uint8_t kDropped = 255;  // among winners: no position of the window gets a gradient
constexpr std::int64_t kMaxWindow = 255;

struct DropoutMask {
  DropoutKind kind = DropoutKind::kValues;
  std::uint64_t seed = 0;
  std::uint32_t threshold = 0;  // a value is dropped when its random word is less; 0: nothing is dropped
  float scale = 1;              // of what is kept
};

// Of the padded image of a first layer: y[n, h, w, c] = bias[c] + sum over i, j < 3 of
// weight[3 i + j, c] * image[n, h + i, w + j].
struct FirstConvolution {
  const float* image = nullptr;   // [images, height + 2, width + 2], zeros at the border
  const float* weight = nullptr;  // [9, channels]
  const float* bias = nullptr;    // [channels]
};

struct ForwardPass {
  const void* x = nullptr;
  const float *scale = nullptr, *shift = nullptr;  // [channels]
  DropoutMask dropout;
  void* out = nullptr;
  std::uint8_t* winners =
      nullptr;            // like out: number of the largest z in its window, or kDropped; may be null
  void* peaks = nullptr;  // like out; may be null
  const void* shortcut = nullptr;  // added to z, where windows are of one; may be null
};

// dx = before'(x) (scale dz + offset + slope (a - mean)), where dz is the gradient of z: that of out at the
// winner.
struct BackwardPass {
  const void* x = nullptr;
  const void* peaks = nullptr;
  const std::uint8_t* winners = nullptr;  // null: windows of one, none dropped
  const void* out_gradient = nullptr;
  const float *scale = nullptr, *shift = nullptr, *mean = nullptr;  // [channels]
  const float *offset = nullptr, *slope = nullptr;                  // [channels]
  float dropout_scale = 1;
  void* x_gradient = nullptr;
  const void* shortcut = nullptr;     // as in forward
  void* shortcut_gradient = nullptr;  // that of z, written by backward_sums; may be null
};

// Ranges [first, last) may be computed by different threads. Sums are added to what is there, in single
// precision over at most some hundred positions, then in double.
struct TailKernels {
  // Over positions: sums[0, c] of a - origin, sums[1, c] of its square.
  void (*sums)(Geometry, const void* x, const float* origin, std::int64_t first, std::int64_t last,
               double* sums);
  // Over strips.
  void (*forward)(Geometry, ForwardPass, std::int64_t first, std::int64_t last);
  // Over positions of the output: sums[0, c] of dz, sums[1, c] of dz (a - mean).
  void (*backward_sums)(Geometry, BackwardPass, std::int64_t first, std::int64_t last, double* sums);
  // Over strips.
  void (*backward)(Geometry, BackwardPass, std::int64_t first, std::int64_t last);

  // The same for x = y of a first convolution, which is computed where it is needed; all over strips.
  void (*first_sums)(Geometry, FirstConvolution, const float* origin, std::int64_t first, std::int64_t last,
                     double* sums);
  void (*first_forward)(Geometry, FirstConvolution, ForwardPass, std::int64_t first, std::int64_t last);
  void (*first_backward_sums)(Geometry, FirstConvolution, BackwardPass, std::int64_t first, std::int64_t last,
                              double* sums);
  // sums[k, c]: gradients of weight [9, c], then of bias.
  void (*first_backward)(Geometry, FirstConvolution, BackwardPass, std::int64_t first, std::int64_t last,
                         double* sums);
};

// For the processor that this runs on.
const TailKernels& tail_kernels(Element element, Activation before, Activation after);

}  // namespace chorale::kernels
