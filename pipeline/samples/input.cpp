#include "pipeline/samples/input.hpp"

namespace chorale::samples {

void Input::hold(std::span<const config::Part> parts) {
  auto memory = std::make_shared<Memory>();
  memory->bytes.reserve(bytes(parts));
  memory->first.reserve(parts.size() + 1);
  memory->first.push_back(0);
  for (std::size_t track = 0; track < parts.size(); ++track) {
    if (parts[track] != config::Part::kNone) {
      const auto bytes = store_.frame_bytes(feature_, track);
      memory->bytes.insert(memory->bytes.end(), bytes.begin(), bytes.end());
    }
    memory->first.push_back(memory->bytes.size());
  }
  memory_ = std::move(memory);
}

std::uint64_t Input::bytes(std::span<const config::Part> parts) const {
  std::uint64_t frames_in_parts = 0;
  for (std::size_t track = 0; track < parts.size(); ++track) {
    if (parts[track] != config::Part::kNone) frames_in_parts += frames(track);
  }
  return frames_in_parts * store::row_bytes(description());
}

void Input::read(std::size_t track, std::uint64_t first, std::uint64_t count, float* out) const {
  if (count == 0) return;
  const std::byte* bytes = stored(track).data() + first * store::row_bytes(description());
  store::decode_frames(description(), bytes, count, out);
}

std::span<const std::byte> Input::stored(std::size_t track) const {
  if (!memory_ || memory_->first[track] == memory_->first[track + 1])
    return store_.frame_bytes(feature_, track);
  return std::span(memory_->bytes)
      .subspan(memory_->first[track], memory_->first[track + 1] - memory_->first[track]);
}

}  // namespace chorale::samples
