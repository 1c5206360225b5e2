// A file's mono samples at its own rate, block after block.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ingest/audio/load.hpp"
#include "ingest/audio/sound_file.hpp"

namespace chorale::audio {

class MonoReader {
 public:
  // Both throw as Loader::load does. The stream must outlive the reader.
  MonoReader(const tree::ByteStream& stream, const LoadOptions& options);
  // Fills `mono`, with less only at the end; returns what it has filled of it. Mean over channels as
  // numpy.mean of float32: the sum in order of channels, then one division.
  std::span<const float> next(std::span<float> mono);

  static constexpr std::size_t kBlock = 4096;  // samples, a good length for `mono`

  std::int32_t rate() const { return sound_.rate(); }  // Hz
  std::int32_t channels() const { return sound_.channels(); }
  std::string artist() const { return sound_.artist(); }

 private:
  void mix(std::span<const float> interleaved, std::span<float> mono) const;

  SoundFile sound_;
  config::Channel mix_;
  double max_seconds_;
  std::uint64_t left_;              // frames still to be read
  std::uint64_t allowed_;           // frames until the recording is too long
  std::vector<float> interleaved_;  // of several channels
};

}  // namespace chorale::audio
