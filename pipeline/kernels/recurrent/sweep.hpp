// The inner loops of LSTM and GRU layers and of the matrix products around them, compiled for several
// instruction sets and chosen when the program runs. Free of LibTorch: plain pointers, one thread, memory
// from the caller. A caller spreads samples (sweeps) or rows (products) over threads; the bits of a sample or
// a row do not depend on which others it is computed with.
//
// Vectors hold `lanes` floats. `width` is the number of units rounded up to whole vectors; surplus units have
// zero weights and stay zero. What belongs to gates is interleaved: [width / lanes][gates][lanes], so that
// one unit's gates are neighbours. Gates are in torch's order: LSTM i, f, g, o; GRU r, z, n. All buffers over
// time are [frames, batch, ...].
#pragma once

#include <cstdint>

#include "pipeline/kernels/simd/bf16.hpp"

namespace chorale::kernels {

enum class Cell { kLstm, kGru };
enum class Direction { kForward, kReverse };

constexpr std::int64_t gates_of(Cell cell) { return cell == Cell::kLstm ? 4 : 3; }

// Samples [first, last) of a batch through one direction of a layer.
struct Sweep {
  Cell cell = Cell::kLstm;
  Direction direction = Direction::kForward;
  std::int64_t frames = 0, batch = 0, units = 0, width = 0;
  std::int64_t first = 0, last = 0;
  const std::int64_t* lengths = nullptr;  // [batch], 1 to frames; null: all frames are valid
  std::int64_t* rows = nullptr;           // scratch [batch]
};

template <class Element>
struct ForwardSweep : Sweep {
  const Element* weights = nullptr;       // recurrent, packed: [width, gates * width] in panels of `gates`
  const float* candidate_bias = nullptr;  // GRU: recurrent bias of n [width]
  Element* gates = nullptr;        // [.., gates * width] in: part of the input, with bias; out: activated
  float* memory = nullptr;         // out [.., width]; LSTM: cell state; GRU: n's recurrent part
  Element* output = nullptr;       // out [.., units], zeros beyond a sample's length
  std::int64_t output_stride = 0;  // from one sample's output to the next
  Element* state = nullptr;        // scratch [2, batch, width], zeros
  float* carry = nullptr;          // scratch [batch, width], zeros
};

template <class Element>
struct BackwardSweep : Sweep {
  const Element* weights = nullptr;  // recurrent, packed: [gates * width, width] in panels of 4
  const Element* gates = nullptr;    // as ForwardSweep left them, and so the next two
  const float* memory = nullptr;
  const Element* output = nullptr;
  std::int64_t output_stride = 0;
  const Element* grad_output = nullptr;  // [.., units]; null: zeros
  std::int64_t grad_output_stride = 0;
  const Element* grad_last = nullptr;  // [batch, units], of the output at the last valid frame; null: zeros
  std::int64_t grad_last_stride = 0;
  Element* grad_gates =
      nullptr;  // out [.., gates * width], before activation; zeros beyond a sample's length
  Element* grad_state = nullptr;  // the same as the recurrent weights see it: for LSTM the same memory
  float* grad_bias =
      nullptr;             // sums, [width / lanes, 4, lanes]: of gates; GRU's fourth: n as seen by the state
  float* carry = nullptr;  // scratch [batch, width], zeros
};

// c [rows, n] = a [rows, depth] * b + addend. Strides are those from row to row.
struct Product {
  const float* a = nullptr;
  std::int64_t a_stride = 0;
  const float* b = nullptr;        // packed in panels of 4
  const float* addend = nullptr;   // null: zeros; may be c
  std::int64_t addend_stride = 0;  // 0: one row for all
  float* c = nullptr;
  std::int64_t c_stride = 0;
  std::int64_t rows = 0, depth = 0, n = 0;
};

// c [m, n] = transpose of a [depth, m] * b [depth, n].
struct TransposedProduct {
  const float* a = nullptr;
  std::int64_t a_stride = 0;
  const float* b = nullptr;
  std::int64_t b_stride = 0;
  float* c = nullptr;
  std::int64_t c_stride = 0;
  std::int64_t m = 0, n = 0, depth = 0;  // at most kTransposedM; at most kTransposedN; at least 1
  float* scratch = nullptr;              // [kTransposedScratch]
};
constexpr std::int64_t kTransposedM = 480, kTransposedN = 528, kTransposedDepth = 252;
constexpr std::int64_t kTransposedScratch = (kTransposedM + kTransposedN) * kTransposedDepth;

template <class Element>
struct SweepKernels {
  void (*forward)(const ForwardSweep<Element>&);
  void (*backward)(const BackwardSweep<Element>&);
  // A matrix [depth, n] of any strides into panels of `panel` vectors: [n / (panel * lanes)][depth][panel *
  // lanes], zeros where the last panel has no column. bf16: pairs of rows together.
  void (*pack)(const Element* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth,
               std::int64_t n, std::int64_t panel, Element* packed);
};

struct Kernels {
  const char* name = "";
  std::int64_t lanes = 0;
  SweepKernels<float> fp32 = {};
  SweepKernels<Bf16> bf16 = {};  // null where the processor does not multiply bfloat16
  void (*multiply)(const Product&) = nullptr;
  void (*multiply_transposed)(const TransposedProduct&) = nullptr;
};

// Numbers that a packed matrix takes.
inline std::int64_t packed_size(std::int64_t depth, std::int64_t n, std::int64_t panel, std::int64_t lanes) {
  const std::int64_t columns = panel * lanes;
  return (n + columns - 1) / columns * columns * ((depth + 1) / 2 * 2);
}

// Those of the best instruction set that this processor has.
const Kernels& kernels();
// All that this processor can run, the best first: for tests.
struct KernelsList {
  const Kernels* all[4];
  int count;
};
KernelsList runnable_kernels();

}  // namespace chorale::kernels
