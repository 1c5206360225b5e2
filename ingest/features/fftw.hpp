// Transforms of real signals: the only place that calls FFTW.
//
// Plans are made with FFTW_ESTIMATE on buffers of FFTW's own alignment, so results repeat from run to run,
// and under a mutex, as FFTW's planner is not thread safe.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace chorale::features {

namespace fftw {
struct Free {
  void operator()(void* memory) const;
};
struct DestroyPlan {
  void operator()(void* plan) const;
};
struct FreeSingle {
  void operator()(void* memory) const;
};
struct DestroySinglePlan {
  void operator()(void* plan) const;
};
using Reals = std::unique_ptr<double, Free>;
using Complexes = std::unique_ptr<std::complex<double>, Free>;
using Plan = std::unique_ptr<void, DestroyPlan>;
}  // namespace fftw

class RealFft {
 public:
  explicit RealFft(std::size_t n);

  std::size_t size() const { return n_; }
  std::span<double> input() { return {input_.get(), n_}; }  // overwritten by execute()
  std::span<const std::complex<double>> execute();          // [1 + n/2]

 private:
  std::size_t n_;
  fftw::Reals input_;
  fftw::Complexes output_;
  fftw::Plan plan_;
};

// In single precision: errors up to 1e-6 of the largest bin, at two thirds of the time.
class SingleRealFft {
 public:
  explicit SingleRealFft(std::size_t n);

  std::size_t size() const { return n_; }
  std::span<float> input() { return {input_.get(), n_}; }  // overwritten by execute()
  std::span<const std::complex<float>> execute();          // [1 + n/2]

 private:
  std::size_t n_;
  std::unique_ptr<float, fftw::FreeSingle> input_;
  std::unique_ptr<std::complex<float>, fftw::FreeSingle> output_;
  std::unique_ptr<void, fftw::DestroySinglePlan> plan_;
};

// The inverse of RealFft, divided by n as in numpy.fft.irfft.
class InverseRealFft {
 public:
  explicit InverseRealFft(std::size_t n);

  std::size_t size() const { return n_; }
  std::span<std::complex<double>> input() { return {input_.get(), 1 + n_ / 2}; }  // overwritten by execute()
  std::span<const double> execute();                                              // [n]

 private:
  std::size_t n_;
  fftw::Complexes input_;
  fftw::Reals output_;
  fftw::Plan plan_;
};

}  // namespace chorale::features
