#include "ingest/audio/load.hpp"

#include "ingest/audio/mono_reader.hpp"

namespace chorale::audio {

Recording Loader::load(const tree::ByteStream& stream) {
  MonoReader reader(stream, options_);
  resampler_.begin(reader.rate());
  std::uint64_t frames = 0;
  for (;;) {
    const auto block = reader.next(resampler_.input(MonoReader::kBlock));
    if (block.empty()) break;
    frames += block.size();
    resampler_.push(block);
  }
  if (frames == 0) throw DecodeError("holds no samples");
  return {.samples = resampler_.finish(),
          .source_rate = reader.rate(),
          .channels = reader.channels(),
          .duration = static_cast<double>(frames) / reader.rate(),
          .artist = reader.artist()};
}

}  // namespace chorale::audio
