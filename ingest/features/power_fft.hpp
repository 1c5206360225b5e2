// |FFT|^2 of eight real frames at once, each in a lane of its own (lanes.hpp): half the time of FFTW frame by
// frame where vectors are 512 bits wide, and the same bits on every machine.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "ingest/features/lanes.hpp"

namespace chorale::features {

class PowerFft {
 public:
  static bool supports(std::size_t n) { return n == 1024 || n == 2048; }

  // Numbers in the widest vector of this machine: 8, 4 or 2.
  static std::size_t widest();

  // `window` [n] multiplies every frame; vectors of `width` numbers do the work, at most widest().
  // Precondition: supports(n).
  explicit PowerFft(std::span<const double> window, std::size_t width = widest());
  ~PowerFft();
  PowerFft(PowerFft&&) noexcept;

  // Frame f is samples[f * hop, f * hop + n), so there are (kLanes - 1) * hop + n samples. power:
  // [1 + n/2][kLanes], computed in double and rounded at the end.
  void compute(std::span<const float> samples, std::size_t hop, std::span<float> power);

  struct Kernel;

 private:
  std::unique_ptr<Kernel> kernel_;
};

}  // namespace chorale::features
