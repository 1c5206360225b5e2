// Loops of conv3x3_tail() for one input channel; see kernels.hpp. Computing the convolution again, nine
// products a value, is cheaper than writing and reading what it gives. Part of of_processor.cpp.
#pragma once

#include "pipeline/kernels/tail/loops.hpp"

namespace chorale::kernels {
namespace {

constexpr int kTaps = 9;

// The convolution for the channels from c.
struct Filter {
  Floats weight[kTaps], bias;
  std::int64_t stride;  // of rows of the padded image

  template <class Lanes>
  CHORALE_INLINE Filter(const Geometry& g, const FirstConvolution& convolution, std::int64_t c, Lanes lanes)
      : bias(load(convolution.bias + c, lanes)), stride(g.width + 2) {
    for (int tap = 0; tap < kTaps; ++tap)
      weight[tap] = load(convolution.weight + tap * g.channels + c, lanes);
  }

  CHORALE_INLINE Floats operator()(const float* corner) const {
    Floats y = bias;
    for (int tap = 0; tap < kTaps; ++tap) y += weight[tap] * corner[(tap / 3) * stride + tap % 3];
    return y;
  }
};

// The rows of a strip.
struct Strip {
  std::int64_t image, row, height;
  const float* corner;  // in the padded image

  CHORALE_INLINE Strip(const Geometry& g, const FirstConvolution& convolution, std::int64_t strip)
      : image(strip / g.strips_of_image()), row(strip % g.strips_of_image()) {
    const std::int64_t top = row * g.pool.height;
    height = top + g.pool.height < g.height ? g.pool.height : g.height - top;
    corner = convolution.image + (image * (g.height + 2) + top) * (g.width + 2);
  }
};

template <Activation before>
void first_sums(Geometry g, FirstConvolution convolution, const float* origin, std::int64_t first,
                std::int64_t last, double* sums) {
  for (std::int64_t number = first; number < last; ++number) {
    const Strip strip(g, convolution, number);
    over_channels(g.channels, [&](std::int64_t c, auto lanes) CHORALE_INLINE_LAMBDA {
      const Filter filter(g, convolution, c, lanes);
      const Floats zero = load(origin + c, lanes);
      for (std::int64_t i = 0; i < strip.height; ++i) {
        Floats sum = {}, square = {};
        const float* corner = strip.corner + i * filter.stride;
        for (std::int64_t w = 0; w < g.width; ++w) {
          const Floats value = activate<before>(filter(corner + w)) - zero;
          sum += value;
          square += value * value;
        }
        add_to(sums + c, sum, lanes);
        add_to(sums + g.channels + c, square, lanes);
      }
    });
  }
}

template <class T, Activation before, Activation after>
void first_forward(Geometry g, FirstConvolution convolution, ForwardPass pass, std::int64_t first,
                   std::int64_t last) {
  for (std::int64_t number = first; number < last; ++number) {
    const Strip strip(g, convolution, number);
    if (strip.row >= g.out_height()) continue;
    over_channels(g.channels, [&](std::int64_t c, auto lanes) CHORALE_INLINE_LAMBDA {
      const Filter filter(g, convolution, c, lanes);
      const Floats scale = load(pass.scale + c, lanes), shift = load(pass.shift + c, lanes);
      for (std::int64_t w = 0; w < g.out_width(); ++w) {
        const std::int64_t position = (strip.image * g.out_height() + strip.row) * g.out_width() + w;
        const float* corner = strip.corner + w * g.pool.width;
        Best best;
        best.x = filter(corner);
        best.z = activate<before>(best.x) * scale + shift;
        for (std::int64_t i = 0, place = 0; i < g.pool.height; ++i) {
          for (std::int64_t j = 0; j < g.pool.width; ++j, ++place) {
            if (place == 0) continue;
            const Floats value = filter(corner + i * filter.stride + j);
            best.take(activate<before>(value) * scale + shift, value, static_cast<std::int32_t>(place));
          }
        }
        const RowMask mask(pass.dropout, position, strip.image);
        finish_window<T, after>(pass, best, mask, position * g.channels + c, c, lanes);
      }
    });
  }
}

template <class T, Activation before, Activation after>
void first_backward_sums(Geometry g, FirstConvolution convolution, BackwardPass pass, std::int64_t first,
                         std::int64_t last, double* sums) {
  for (std::int64_t number = first; number < last; ++number) {
    const Strip strip(g, convolution, number);
    if (strip.row >= g.out_height()) continue;
    over_channels(g.channels, [&](std::int64_t c, auto lanes) CHORALE_INLINE_LAMBDA {
      const Filter filter(g, convolution, c, lanes);
      GradientSums total(pass, c, lanes);
      std::int64_t out = (strip.image * g.out_height() + strip.row) * g.out_width() * g.channels + c;
      for (std::int64_t w = 0; w < g.out_width(); ++w, out += g.channels) {
        const Ints winner = load(pass.winners + out, lanes);
        Floats peak = {};
        for (std::int64_t i = 0, place = 0; i < g.pool.height; ++i) {
          for (std::int64_t j = 0; j < g.pool.width; ++j, ++place) {
            const float* corner = strip.corner + i * filter.stride + w * g.pool.width + j;
            peak = winner == static_cast<std::int32_t>(place) ? filter(corner) : peak;
          }
        }
        Floats gradient = load(static_cast<const T*>(pass.out_gradient) + out, lanes) * pass.dropout_scale;
        gradient = winner == kDropped ? splat(0.0f) : gradient;
        total.add<before, after>(peak, splat(0.0f), gradient);
      }
      total.add_to_sums(sums + c, g.channels, lanes);
    });
  }
}

// Gradients of the weights and the bias for the channels from c.
struct FilterGradient {
  Floats weight[kTaps] = {}, bias = {};

  CHORALE_INLINE void add(const float* corner, std::int64_t stride, Floats gradient) {
    bias += gradient;
    for (int tap = 0; tap < kTaps; ++tap) weight[tap] += gradient * corner[(tap / 3) * stride + tap % 3];
  }

  template <class Lanes>
  CHORALE_INLINE void add_to_sums(double* sums, std::int64_t channels, Lanes lanes) const {
    for (int tap = 0; tap < kTaps; ++tap) add_to(sums + tap * channels, weight[tap], lanes);
    add_to(sums + kTaps * channels, bias, lanes);
  }
};

template <class T, Activation before, Activation after>
void first_backward(Geometry g, FirstConvolution convolution, BackwardPass pass, std::int64_t first,
                    std::int64_t last, double* sums) {
  for (std::int64_t number = first; number < last; ++number) {
    const Strip strip(g, convolution, number);
    const std::int64_t windows = strip.row < g.out_height() ? g.out_width() : 0;
    over_channels(g.channels, [&](std::int64_t c, auto lanes) CHORALE_INLINE_LAMBDA {
      const Filter filter(g, convolution, c, lanes);
      const Slopes slopes(pass, c, lanes);
      for (std::int64_t i = 0; i < strip.height; ++i) {
        FilterGradient total;
        const float* corner = strip.corner + i * filter.stride;
        std::int64_t out = (strip.image * g.out_height() + strip.row) * g.out_width() * g.channels + c;
        for (std::int64_t w = 0; w < windows; ++w, out += g.channels) {
          const Floats gradient =
              load(static_cast<const T*>(pass.out_gradient) + out, lanes) * pass.dropout_scale;
          const Ints winner = load(pass.winners + out, lanes);
          for (std::int64_t j = 0; j < g.pool.width; ++j, ++corner) {
            const auto place = static_cast<std::int32_t>(i * g.pool.width + j);
            const Floats own = winner == place ? gradient : splat(0.0f);
            total.add(corner, filter.stride, slopes.template of_winner<before, after>(filter(corner), own));
          }
        }
        for (std::int64_t w = windows * g.pool.width; w < g.width; ++w, ++corner) {
          total.add(corner, filter.stride, slopes.template of_others<before>(filter(corner)));
        }
        total.add_to_sums(sums + c, g.channels, lanes);
      }
    });
  }
}

}  // namespace
}  // namespace chorale::kernels
