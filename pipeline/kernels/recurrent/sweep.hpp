// The inner loops of LSTM and GRU layers, compiled for several instruction sets and chosen when the program
// runs. Free of LibTorch: plain pointers, one thread, memory from the caller. A caller spreads samples over
// threads; the bits of a sample do not depend on which others it is computed with.
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
  const Element* weights =
      nullptr;  // recurrent, packed (matrix/kernels.hpp): [width, gates * width] in panels of `gates`
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

template <class Element>
struct SweepKernels {
  void (*forward)(const ForwardSweep<Element>&);
  void (*backward)(const BackwardSweep<Element>&);
};

struct Kernels {
  const char* name = "";
  std::int64_t lanes = 0;
  SweepKernels<float> fp32 = {};
  SweepKernels<Bf16> bf16 = {};  // null where the processor does not multiply bfloat16
};

// Those of the best instruction set that this processor has.
const Kernels& kernels();
// All that this processor can run, the best first: for tests.
struct KernelsList {
  const Kernels* all[4];
  int count;
};
KernelsList runnable_kernels();

}  // namespace chorale::kernels
