// The short-time Fourier transform of librosa.stft: periodic Hann window, frames centred, zeros beyond both
// ends. One transform of a track serves every feature: consumers take its power frames as they come.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

namespace chorale::features {

struct StftOptions {
  std::size_t n_fft = 2048;      // samples, even
  std::size_t hop_length = 512;  // samples
};

class Stft {
 public:
  explicit Stft(const StftOptions& options);
  ~Stft();
  Stft(Stft&&) noexcept;
  Stft& operator=(Stft&&) noexcept;

  std::size_t bins() const;                       // 1 + n_fft/2
  std::size_t frames(std::size_t samples) const;  // 1 + samples/hop_length

  // |X|^2 of frame 0, 1, ..., each [bins], handed to `consume(frame, power)` and gone after it returns.
  using Consumer = std::function<void(std::size_t frame, std::span<const float> power)>;
  void power(std::span<const float> samples, const Consumer& consume);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chorale::features
