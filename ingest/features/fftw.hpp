// A real-to-complex transform: the only place that calls FFTW.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace chorale::features {

// Plans are made with FFTW_ESTIMATE on buffers of FFTW's own alignment, so results repeat from run to run,
// and under a mutex, as FFTW's planner is not thread safe.
class RealFft {
 public:
  explicit RealFft(std::size_t n);

  std::span<double> input() { return {input_.get(), n_}; }  // overwritten by execute()
  std::span<const std::complex<double>> execute();          // [1 + n/2]

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  struct DestroyPlan {
    void operator()(void* plan) const;
  };
  std::size_t n_;
  std::unique_ptr<double, Free> input_;
  std::unique_ptr<std::complex<double>, Free> output_;
  std::unique_ptr<void, DestroyPlan> plan_;
};

}  // namespace chorale::features
