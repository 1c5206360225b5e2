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

std::complex<double>* new_complexes(std::size_t n) {
  return reinterpret_cast<std::complex<double>*>(fftw_alloc_complex(n));
}

}  // namespace

void fftw::Free::operator()(void* memory) const { fftw_free(memory); }

void fftw::DestroyPlan::operator()(void* plan) const {
  const std::scoped_lock lock(planner());
  fftw_destroy_plan(static_cast<fftw_plan>(plan));
}

void fftw::FreeSingle::operator()(void* memory) const { fftwf_free(memory); }

void fftw::DestroySinglePlan::operator()(void* plan) const {
  const std::scoped_lock lock(planner());
  fftwf_destroy_plan(static_cast<fftwf_plan>(plan));
}

RealFft::RealFft(std::size_t n) : n_(n), input_(fftw_alloc_real(n)), output_(new_complexes(1 + n / 2)) {
  const std::scoped_lock lock(planner());
  plan_.reset(fftw_plan_dft_r2c_1d(static_cast<int>(n), input_.get(), as_fftw(output_.get()),
                                   FFTW_ESTIMATE | FFTW_DESTROY_INPUT));
}

std::span<const std::complex<double>> RealFft::execute() {
  fftw_execute(static_cast<fftw_plan>(plan_.get()));
  return {output_.get(), 1 + n_ / 2};
}

SingleRealFft::SingleRealFft(std::size_t n)
    : n_(n),
      input_(fftwf_alloc_real(n)),
      output_(reinterpret_cast<std::complex<float>*>(fftwf_alloc_complex(1 + n / 2))) {
  const std::scoped_lock lock(planner());
  plan_.reset(fftwf_plan_dft_r2c_1d(static_cast<int>(n), input_.get(),
                                    reinterpret_cast<fftwf_complex*>(output_.get()),
                                    FFTW_ESTIMATE | FFTW_DESTROY_INPUT));
}

std::span<const std::complex<float>> SingleRealFft::execute() {
  fftwf_execute(static_cast<fftwf_plan>(plan_.get()));
  return {output_.get(), 1 + n_ / 2};
}

InverseRealFft::InverseRealFft(std::size_t n)
    : n_(n), input_(new_complexes(1 + n / 2)), output_(fftw_alloc_real(n)) {
  const std::scoped_lock lock(planner());
  plan_.reset(fftw_plan_dft_c2r_1d(static_cast<int>(n), as_fftw(input_.get()), output_.get(),
                                   FFTW_ESTIMATE | FFTW_DESTROY_INPUT));
}

std::span<const double> InverseRealFft::execute() {
  fftw_execute(static_cast<fftw_plan>(plan_.get()));
  const double scale = 1.0 / static_cast<double>(n_);
  for (std::size_t i = 0; i < n_; ++i) output_.get()[i] *= scale;
  return {output_.get(), n_};
}

}  // namespace chorale::features
