// The sweeps through time of sweep.hpp, for the instruction set that the including file is compiled for.
#pragma once

#include "pipeline/kernels/recurrent/activations.hpp"
#include "pipeline/kernels/recurrent/sweep.hpp"
#include "pipeline/kernels/simd/products.hpp"

namespace chorale::kernels {
namespace {

// One step of a sweep.
struct Step {
  std::int64_t frame;
  std::int64_t before;  // the frame that the direction visits just before this one
  bool has_before;      // false in the first step
  std::int64_t after;   // the frame just after this one
  bool has_after;       // false in the last step
};

inline Step step_at(const Sweep& s, std::int64_t index) {
  const bool forward = s.direction == Direction::kForward;
  const std::int64_t frame = forward ? index : s.frames - 1 - index, stride = forward ? 1 : -1;
  const bool has_before = index > 0, has_after = index + 1 < s.frames;
  return {frame, has_before ? frame - stride : frame, has_before, has_after ? frame + stride : frame,
          has_after};
}

inline std::int64_t length_of(const Sweep& s, std::int64_t sample) {
  return s.lengths != nullptr ? s.lengths[sample] : s.frames;
}

// Lists the samples for which `frame` is valid; calls `skip` with the others.
template <class F>
std::int64_t select_rows(const Sweep& s, std::int64_t frame, const F& skip) {
  std::int64_t count = 0;
  for (std::int64_t sample = s.first; sample < s.last; ++sample) {
    if (frame < length_of(s, sample)) {
      s.rows[s.first + count++] = sample;
    } else {
      skip(sample);
    }
  }
  return count;
}

template <class Element>
void fill_zeros(Element* to, std::int64_t count) {
  __builtin_memset(static_cast<void*>(to), 0, static_cast<std::size_t>(count) * sizeof(Element));
}

// Reads into the cache what is needed some tiles later.
template <class Element>
void fetch(const Element* from, std::int64_t count) {
  for (std::int64_t line = 0; line * 64 < count * static_cast<std::int64_t>(sizeof(Element)); ++line) {
    __builtin_prefetch(reinterpret_cast<const char*>(from) + line * 64);
  }
}

// ---- forward ----

template <class Element>
struct ForwardStep {
  const ForwardSweep<Element>& sweep;
  Step step;
  const Element* state;  // [batch, width] after the step before
  Element* next_state;

  // Units of `block` of the samples rows[0 .. Rows).
  template <Cell kCell, int Rows>
  void tile(const std::int64_t* rows, std::int64_t block) const {
    constexpr int kGates = static_cast<int>(gates_of(kCell));
    const ForwardSweep<Element>& s = sweep;
    Vec sum[Rows][kGates];
    const Element* a[Rows];
    Element* gates[Rows];
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      a[r] = state + rows[r] * s.width;
      gates[r] = s.gates + ((step.frame * s.batch + rows[r]) * s.width + block * kLanes) * kGates;
#pragma GCC unroll 4
      for (int g = 0; g < kGates; ++g) sum[r][g] = load(gates[r] + g * kLanes);
      if constexpr (kCell == Cell::kGru) sum[r][2] = load(s.candidate_bias + block * kLanes);
    }
    for (int r = 0; r < Rows; ++r) fetch_next(rows[r], block, kGates);
    multiply(sum, a, s.weights + block * s.width * kGates * kLanes, step.has_before ? s.width : 0);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      float* carry = s.carry + rows[r] * s.width + block * kLanes;
      const std::int64_t row = step.frame * s.batch + rows[r];
      float* memory = s.memory + row * s.width + block * kLanes;
      const Vec h =
          kCell == Cell::kLstm ? lstm(sum[r], gates[r], carry, memory) : gru(sum[r], gates[r], carry, memory);
      store(next_state + rows[r] * s.width + block * kLanes, h);
      store(s.output + row * s.output_stride + block * kLanes, h, s.units - block * kLanes);
    }
  }

  void fetch_next(std::int64_t sample, std::int64_t block, std::int64_t kinds) const {
    const bool ends = (block + 1) * kLanes == sweep.width;
    if (ends && !step.has_after) return;
    const std::int64_t row = (ends ? step.after : step.frame) * sweep.batch + sample;
    const std::int64_t unit = ends ? 0 : (block + 1) * kLanes;
    fetch(sweep.gates + (row * sweep.width + unit) * kinds, kinds * kLanes);
  }

  template <int kGates>
  static Vec lstm(const Vec (&sum)[kGates], Element* gates, float* carry, float* memory) {
    const Vec i = sigmoid(sum[0]), f = sigmoid(sum[1]), g = tanh(sum[2]), o = sigmoid(sum[kGates - 1]);
    const Vec c = f * load(carry) + i * g;
    store(gates, i);
    store(gates + kLanes, f);
    store(gates + 2 * kLanes, g);
    store(gates + (kGates - 1) * kLanes, o);
    store(carry, c);
    store(memory, c);
    return o * tanh(c);
  }

  template <int kGates>
  static Vec gru(const Vec (&sum)[kGates], Element* gates, float* carry, float* memory) {
    const Vec r = sigmoid(sum[0]), z = sigmoid(sum[1]);
    const Vec n = tanh(load(gates + 2 * kLanes) + r * sum[2]);
    const Vec h = n + z * (load(carry) - n);
    store(gates, r);
    store(gates + kLanes, z);
    store(gates + 2 * kLanes, n);
    store(carry, h);
    store(memory, sum[2]);
    return h;
  }
};

template <class Element, Cell kCell>
void sweep_forward(const ForwardSweep<Element>& s) {
  Element* states[2] = {s.state, s.state + s.batch * s.width};
  for (std::int64_t index = 0; index < s.frames; ++index) {
    const Step step = step_at(s, index);
    const std::int64_t count = select_rows(s, step.frame, [&](std::int64_t sample) {
      fill_zeros(s.output + (step.frame * s.batch + sample) * s.output_stride, s.units);
    });
    const ForwardStep<Element> at{s, step, states[index % 2], states[(index + 1) % 2]};
    for (std::int64_t block = 0; block * kLanes < s.width; ++block) {
      in_tiles<kTileRows<static_cast<int>(gates_of(kCell))>>(count, [&](std::int64_t first, auto rows) {
        at.template tile<kCell, decltype(rows)::value>(s.rows + s.first + first, block);
      });
    }
  }
}

// ---- backward ----

template <class Element>
struct BackwardStep {
  const BackwardSweep<Element>& sweep;
  Step step;

  // Units of `Width` blocks from `panel` on, of the samples rows[0 .. Rows).
  template <Cell kCell, int Rows, int Width>
  void tile(const std::int64_t* rows, std::int64_t panel) const {
    constexpr std::int64_t kGates = gates_of(kCell);
    const BackwardSweep<Element>& s = sweep;
    const std::int64_t depth = kGates * s.width;
    Vec sum[Rows][Width];
    const Element* a[Rows];
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      a[r] = s.grad_state + (step.after * s.batch + rows[r]) * depth;
#pragma GCC unroll 4
      for (int w = 0; w < Width; ++w) sum[r][w] = Vec{};
    }
    for (int r = 0; r < Rows; ++r) fetch_next(rows[r], panel, kGates);
    multiply(sum, a, s.weights + panel * 4 * kLanes * depth, step.has_after ? depth : 0);
    for (int r = 0; r < Rows; ++r) {
      for (int w = 0; w < Width; ++w) units<kCell>(rows[r], panel * 4 + w, sum[r][w]);
    }
  }

  void fetch_next(std::int64_t sample, std::int64_t panel, std::int64_t kinds) const {
    const bool ends = (panel + 1) * 4 * kLanes >= sweep.width;
    if (ends && !step.has_before) return;
    const std::int64_t row = (ends ? step.before : step.frame) * sweep.batch + sample;
    const std::int64_t unit = ends ? 0 : (panel + 1) * 4 * kLanes;
    const std::int64_t count = smaller(4 * kLanes, sweep.width - unit);
    fetch(sweep.gates + (row * sweep.width + unit) * kinds, kinds * count);
    fetch(sweep.memory + row * sweep.width + unit, count);
    if (sweep.grad_output != nullptr) fetch(sweep.grad_output + row * sweep.grad_output_stride + unit, count);
  }

  // `from_after`: gradient of the state of this step that comes from the step after, through recurrent
  // weights.
  template <Cell kCell>
  void units(std::int64_t sample, std::int64_t block, Vec from_after) const {
    constexpr std::int64_t kGates = gates_of(kCell);
    const BackwardSweep<Element>& s = sweep;
    const std::int64_t unit = block * kLanes, count = s.units - unit;
    const std::int64_t row = step.frame * s.batch + sample;
    const std::int64_t length = length_of(s, sample);
    Vec dh = from_after;
    if (s.grad_output != nullptr) dh += load(s.grad_output + row * s.grad_output_stride + unit, count);
    if (s.grad_last != nullptr && step.frame == length - 1) {
      dh += load(s.grad_last + sample * s.grad_last_stride + unit, count);
    }
    const bool starts = !step.has_before || step.before >= length;
    const std::int64_t row_before = step.before * s.batch + sample;
    const std::int64_t at = (row * s.width + unit) * kGates;
    float* carry = s.carry + sample * s.width + unit;
    float* bias = s.grad_bias + unit * 4;
    const float* memory = s.memory + row * s.width + unit;
    if constexpr (kCell == Cell::kLstm) {
      const Vec c_before = starts ? Vec{} : load(s.memory + row_before * s.width + unit);
      lstm(dh, s.gates + at, load(memory), c_before, carry, s.grad_gates + at, bias);
    } else {
      const Vec h_before = starts ? Vec{} : load(s.output + row_before * s.output_stride + unit, count);
      gru(dh, s.gates + at, load(memory), h_before, carry, s.grad_gates + at, s.grad_state + at, bias);
    }
  }

  // Sums up what the gradients of biases are sums of.
  static void keep(Vec x, Element* gradient, float* bias) {
    store(gradient, x);
    store(bias, load(bias) + x);
  }

  static void lstm(Vec dh, const Element* gates, Vec c, Vec c_before, float* carry, Element* grad,
                   float* bias) {
    const Vec i = load(gates), f = load(gates + kLanes), g = load(gates + 2 * kLanes);
    const Vec o = load(gates + 3 * kLanes);
    const Vec squashed = tanh(c);
    const Vec dc = load(carry) + dh * o * (1.0f - squashed * squashed);
    store(carry, dc * f);
    keep(dc * g * i * (1.0f - i), grad, bias);
    keep(dc * c_before * f * (1.0f - f), grad + kLanes, bias + kLanes);
    keep(dc * i * (1.0f - g * g), grad + 2 * kLanes, bias + 2 * kLanes);
    keep(dh * squashed * o * (1.0f - o), grad + 3 * kLanes, bias + 3 * kLanes);
  }

  // carry: what reaches the state before past the gates, z * dh.
  static void gru(Vec dh, const Element* gates, Vec recurrent, Vec h_before, float* carry, Element* grad,
                  Element* grad_state, float* bias) {
    const Vec r = load(gates), z = load(gates + kLanes), n = load(gates + 2 * kLanes);
    dh += load(carry);
    store(carry, dh * z);
    const Vec dn = dh * (1.0f - z) * (1.0f - n * n);
    const Vec dr = dn * recurrent * r * (1.0f - r);
    const Vec dz = dh * (h_before - n) * z * (1.0f - z);
    keep(dr, grad, bias);
    keep(dz, grad + kLanes, bias + kLanes);
    keep(dn, grad + 2 * kLanes, bias + 2 * kLanes);
    store(grad_state, dr);
    store(grad_state + kLanes, dz);
    keep(dn * r, grad_state + 2 * kLanes, bias + 3 * kLanes);
  }
};

template <class Element, Cell kCell>
void sweep_backward(const BackwardSweep<Element>& s) {
  const std::int64_t depth = gates_of(kCell) * s.width;
  for (std::int64_t index = s.frames - 1; index >= 0; --index) {
    const Step step = step_at(s, index);
    const std::int64_t count = select_rows(s, step.frame, [&](std::int64_t sample) {
      const std::int64_t at = (step.frame * s.batch + sample) * depth;
      fill_zeros(s.grad_gates + at, depth);
      if (s.grad_state != s.grad_gates) fill_zeros(s.grad_state + at, depth);
    });
    const BackwardStep<Element> at{s, step};
    in_panels<4>(s.width / kLanes, [&](std::int64_t panel, auto width) {
      constexpr int kWidth = decltype(width)::value;
      in_tiles<kTileRows<kWidth>>(count, [&](std::int64_t first, auto rows) {
        at.template tile<kCell, decltype(rows)::value, kWidth>(s.rows + s.first + first, panel);
      });
    });
  }
}

// ---- the table ----

template <class Element>
void forward(const ForwardSweep<Element>& s) {
  s.cell == Cell::kLstm ? sweep_forward<Element, Cell::kLstm>(s) : sweep_forward<Element, Cell::kGru>(s);
}

template <class Element>
void backward(const BackwardSweep<Element>& s) {
  s.cell == Cell::kLstm ? sweep_backward<Element, Cell::kLstm>(s) : sweep_backward<Element, Cell::kGru>(s);
}

}  // namespace
}  // namespace chorale::kernels
