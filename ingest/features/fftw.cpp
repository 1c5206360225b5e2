#include "ingest/features/fftw.hpp"

#include <fftw3.h>

#include <mutex>

namespace chorale::features {
namespace {

std::mutex& planner() {
  static std::mutex mutex;
  return mutex;
}

fftw_complex* as_fftw(std::complex<double>* values) { return reinterpret_cast<fftw_complex*>(values); }

}  // namespace

void RealFft::Free::operator()(void* memory) const { fftw_free(memory); }

void RealFft::DestroyPlan::operator()(void* plan) const {
  const std::scoped_lock lock(planner());
  fftw_destroy_plan(static_cast<fftw_plan>(plan));
}

RealFft::RealFft(std::size_t n)
    : n_(n),
      input_(fftw_alloc_real(n)),
      output_(reinterpret_cast<std::complex<double>*>(fftw_alloc_complex(1 + n / 2))) {
  const std::scoped_lock lock(planner());
  plan_.reset(fftw_plan_dft_r2c_1d(static_cast<int>(n), input_.get(), as_fftw(output_.get()),
                                   FFTW_ESTIMATE | FFTW_DESTROY_INPUT));
}

std::span<const std::complex<double>> RealFft::execute() {
  fftw_execute(static_cast<fftw_plan>(plan_.get()));
  return {output_.get(), 1 + n_ / 2};
}

}  // namespace chorale::features
