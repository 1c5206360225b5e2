// Loops of conv_tail() over stored activations; see kernels.hpp. Part of of_processor.cpp.
#pragma once

#include "pipeline/kernels/tail/kernels.hpp"
#include "pipeline/kernels/tail/lanes.hpp"

namespace chorale::kernels {
namespace {

constexpr std::int64_t kRun = 128;  // positions summed in single precision

// Which values of a row of channels dropout keeps: a hash of (seed, row, channel).
class RowMask {
 public:
  // `row` is a position of the output, of image `image`.
  CHORALE_INLINE RowMask(const DropoutMask& mask, std::int64_t row, std::int64_t image)
      : threshold_(mask.threshold) {
    const auto index = static_cast<std::uint64_t>(mask.kind == DropoutKind::kValues ? row : image);
    std::uint64_t key = mask.seed + (index + 1) * 0x9e3779b97f4a7c15u;  // splitmix64
    key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
    key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
    key ^= key >> 31;
    low_ = static_cast<std::uint32_t>(key);
    high_ = static_cast<std::uint32_t>(key >> 32);
  }

  // All bits of a lane are set when the value is kept.
  CHORALE_INLINE Ints keeps(std::int64_t channel) const {
    Words word;
    for (int i = 0; i < kLanes; ++i) word[i] = static_cast<std::uint32_t>(i);
    word = (word + static_cast<std::uint32_t>(channel)) * 0x9e3779b9u + low_;
    word ^= word >> 16;
    word *= 0x7feb352du;
    word ^= (word >> 15) ^ high_;
    word *= 0x846ca68bu;
    word ^= word >> 16;
    return word >= threshold_;
  }

 private:
  std::uint32_t threshold_, low_, high_;
};

template <class T, Activation before>
void sums(Geometry g, const void* x, const float* origin, std::int64_t first, std::int64_t last,
          double* sums) {
  for (std::int64_t run = first; run < last; run += kRun) {
    const std::int64_t end = run + kRun < last ? run + kRun : last;
    over_channels(g.channels, [&](std::int64_t c, auto lanes) CHORALE_INLINE_LAMBDA {
      const Floats zero = load(origin + c, lanes);
      const T* from = static_cast<const T*>(x) + run * g.channels + c;
      constexpr int kChains = 4;  // so that an addition need not wait for the one before
      Floats sum[kChains] = {}, square[kChains] = {};
      std::int64_t p = run;
      for (; p + kChains <= end; p += kChains) {
        for (int i = 0; i < kChains; ++i, from += g.channels) {
          const Floats value = activate<before>(load(from, lanes)) - zero;
          sum[i] += value;
          square[i] += value * value;
        }
      }
      for (; p < end; ++p, from += g.channels) {
        const Floats value = activate<before>(load(from, lanes)) - zero;
        sum[0] += value;
        square[0] += value * value;
      }
      add_to(sums + c, (sum[0] + sum[1]) + (sum[2] + sum[3]), lanes);
      add_to(sums + g.channels + c, (square[0] + square[1]) + (square[2] + square[3]), lanes);
    });
  }
}

// The largest of a window so far.
struct Best {
  Floats z = {}, x = {};
  Ints winner = {};

  // The first of equals wins; not-a-number wins over all, as in torch.
  CHORALE_INLINE void take(Floats other_z, Floats other_x, std::int32_t number) {
    const Ints better = (other_z > z) | (other_z != other_z);
    z = better ? other_z : z;
    x = better ? other_x : x;
    winner = better ? Ints{} + number : winner;
  }
};

// Writes what follows the maximum for the channels from c of one position of the output.
template <class T, Activation after, class Lanes>
CHORALE_INLINE void finish_window(const ForwardPass& pass, Best best, const RowMask& mask, std::int64_t at,
                                  std::int64_t c, Lanes lanes) {
  Floats out = activate<after>(best.z);
  if (pass.dropout.threshold != 0) {
    const Ints kept = mask.keeps(c);
    out = kept ? out * pass.dropout.scale : splat(0.0f);
    best.winner = kept ? best.winner : Ints{} + kDropped;
  }
  store(static_cast<T*>(pass.out) + at, out, lanes);
  if (pass.winners != nullptr) store(pass.winners + at, best.winner, lanes);
  if (pass.peaks != nullptr) store(static_cast<T*>(pass.peaks) + at, best.x, lanes);
}

template <class T, Activation before, Activation after>
void forward(Geometry g, ForwardPass pass, std::int64_t first, std::int64_t last) {
  for (std::int64_t strip = first; strip < last; ++strip) {
    const std::int64_t image = strip / g.strips_of_image(), row = strip % g.strips_of_image();
    if (row >= g.out_height()) continue;
    const T* rows =
        static_cast<const T*>(pass.x) + (image * g.height + row * g.pool.height) * g.width * g.channels;
    for (std::int64_t w = 0; w < g.out_width(); ++w) {
      const std::int64_t position = (image * g.out_height() + row) * g.out_width() + w;
      const RowMask mask(pass.dropout, position, image);
      const T* corner = rows + w * g.pool.width * g.channels;
      over_channels(g.channels, [&](std::int64_t c, auto lanes) CHORALE_INLINE_LAMBDA {
        const Floats scale = load(pass.scale + c, lanes), shift = load(pass.shift + c, lanes);
        Best best;
        best.x = load(corner + c, lanes);
        best.z = activate<before>(best.x) * scale + shift;
        if (pass.shortcut != nullptr) {
          best.z += load(static_cast<const T*>(pass.shortcut) + position * g.channels + c, lanes);
        }
        for (std::int64_t i = 0, number = 0; i < g.pool.height; ++i) {
          for (std::int64_t j = 0; j < g.pool.width; ++j, ++number) {
            if (number == 0) continue;
            const Floats value = load(corner + (i * g.width + j) * g.channels + c, lanes);
            best.take(activate<before>(value) * scale + shift, value, static_cast<std::int32_t>(number));
          }
        }
        finish_window<T, after>(pass, best, mask, position * g.channels + c, c, lanes);
      });
    }
  }
}

// Sums of backward for the channels from c.
struct GradientSums {
  Floats scale, shift, mean;
  Floats sum = {}, product = {};

  template <class Lanes>
  CHORALE_INLINE GradientSums(const BackwardPass& pass, std::int64_t c, Lanes lanes)
      : scale(load(pass.scale + c, lanes)),
        shift(load(pass.shift + c, lanes)),
        mean(load(pass.mean + c, lanes)) {}

  // Returns the gradient of z = `added` + ... from that of out.
  template <Activation before, Activation after>
  CHORALE_INLINE Floats add(Floats x, Floats added, Floats gradient) {
    const Floats a = activate<before>(x);
    if constexpr (after != Activation::kNone) {
      const Floats z = a * scale + shift + added;
      gradient = activation_gradient<after>(z, activate<after>(z), gradient);
    }
    sum += gradient;
    product += gradient * (a - mean);
    return gradient;
  }

  template <class Lanes>
  CHORALE_INLINE void add_to_sums(double* sums, std::int64_t channels, Lanes lanes) const {
    add_to(sums, sum, lanes);
    add_to(sums + channels, product, lanes);
  }
};

template <class T, Activation before, Activation after>
void backward_sums(Geometry g, BackwardPass pass, std::int64_t first, std::int64_t last, double* sums) {
  for (std::int64_t run = first; run < last; run += kRun) {
    const std::int64_t end = run + kRun < last ? run + kRun : last;
    over_channels(g.channels, [&](std::int64_t c, auto lanes) CHORALE_INLINE_LAMBDA {
      GradientSums total(pass, c, lanes);
      for (std::int64_t at = run * g.channels + c; at < end * g.channels; at += g.channels) {
        Floats gradient = load(static_cast<const T*>(pass.out_gradient) + at, lanes) * pass.dropout_scale;
        if (pass.winners != nullptr) {
          gradient = load(pass.winners + at, lanes) == kDropped ? splat(0.0f) : gradient;
        }
        const Floats peak = load(static_cast<const T*>(pass.peaks) + at, lanes);
        const Floats added =
            pass.shortcut != nullptr ? load(static_cast<const T*>(pass.shortcut) + at, lanes) : splat(0.0f);
        gradient = total.add<before, after>(peak, added, gradient);
        if (pass.shortcut_gradient != nullptr) {
          store(static_cast<T*>(pass.shortcut_gradient) + at, gradient, lanes);
        }
      }
      total.add_to_sums(sums + c, g.channels, lanes);
    });
  }
}

// Coefficients of the backward pass for the channels from c.
struct Slopes {
  Floats scale, shift, mean, offset, slope;

  template <class Lanes>
  CHORALE_INLINE Slopes(const BackwardPass& pass, std::int64_t c, Lanes lanes)
      : scale(load(pass.scale + c, lanes)),
        shift(load(pass.shift + c, lanes)),
        mean(load(pass.mean + c, lanes)),
        offset(load(pass.offset + c, lanes)),
        slope(load(pass.slope + c, lanes)) {}

  // The gradient of x where that of out (where it is not dropped) is `gradient`.
  template <Activation before, Activation after>
  CHORALE_INLINE Floats of_winner(Floats x, Floats gradient) const {
    const Floats a = activate<before>(x);
    if constexpr (after != Activation::kNone) {
      const Floats z = a * scale + shift;
      gradient = activation_gradient<after>(z, activate<after>(z), gradient);
    }
    return activation_gradient<before>(x, a, scale * gradient + (offset + slope * (a - mean)));
  }

  // Where there is none.
  template <Activation before>
  CHORALE_INLINE Floats of_others(Floats x) const {
    const Floats a = activate<before>(x);
    return activation_gradient<before>(x, a, offset + slope * (a - mean));
  }
};

template <class T, Activation before>
CHORALE_INLINE void backward_left_over(const Geometry& g, const BackwardPass& pass, std::int64_t first,
                                       std::int64_t last) {
  for (std::int64_t position = first; position < last; ++position) {
    over_channels(g.channels, [&](std::int64_t c, auto lanes) CHORALE_INLINE_LAMBDA {
      const std::int64_t at = position * g.channels + c;
      const Floats x = load(static_cast<const T*>(pass.x) + at, lanes);
      store(static_cast<T*>(pass.x_gradient) + at, Slopes(pass, c, lanes).template of_others<before>(x),
            lanes);
    });
  }
}

template <class T, Activation before, Activation after>
void backward(Geometry g, BackwardPass pass, std::int64_t first, std::int64_t last) {
  for (std::int64_t strip = first; strip < last; ++strip) {
    const std::int64_t image = strip / g.strips_of_image(), row = strip % g.strips_of_image();
    const std::int64_t start = (image * g.height + row * g.pool.height) * g.width;
    if (row >= g.out_height()) {
      backward_left_over<T, before>(g, pass, start, (image + 1) * g.height * g.width);
      continue;
    }
    for (std::int64_t w = 0; w < g.out_width(); ++w) {
      const std::int64_t out = ((image * g.out_height() + row) * g.out_width() + w) * g.channels;
      over_channels(g.channels, [&](std::int64_t c, auto lanes) CHORALE_INLINE_LAMBDA {
        const Slopes slopes(pass, c, lanes);
        const Floats gradient =
            load(static_cast<const T*>(pass.out_gradient) + out + c, lanes) * pass.dropout_scale;
        const Ints winner = pass.winners != nullptr ? load(pass.winners + out + c, lanes) : Ints{};
        std::int32_t number = 0;
        for (std::int64_t i = 0; i < g.pool.height; ++i) {
          std::int64_t at = (start + i * g.width + w * g.pool.width) * g.channels + c;
          for (std::int64_t j = 0; j < g.pool.width; ++j, ++number, at += g.channels) {
            const Floats x = load(static_cast<const T*>(pass.x) + at, lanes);
            const Floats own = winner == number ? gradient : splat(0.0f);
            store(static_cast<T*>(pass.x_gradient) + at, slopes.template of_winner<before, after>(x, own),
                  lanes);
          }
        }
      });
    }
    for (std::int64_t i = 0; i < g.pool.height; ++i) {
      const std::int64_t end = start + (i + 1) * g.width;
      backward_left_over<T, before>(g, pass, end - g.width % g.pool.width, end);
    }
  }
}

}  // namespace
}  // namespace chorale::kernels
