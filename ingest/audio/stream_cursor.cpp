#include "ingest/audio/stream_cursor.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <utility>

namespace chorale::audio {
namespace {

// Decoders read MP3 in pieces of a few hundred bytes; a buffer in between spares the system calls.
constexpr std::size_t kBuffer = std::size_t{1} << 16;

}  // namespace

StreamCursor::StreamCursor(const tree::ByteStream& stream) : stream_(stream), window_(stream.in_memory()) {
  if (window_.empty()) buffer_.resize(kBuffer);
}

std::int64_t StreamCursor::seek(std::int64_t offset, int whence) {
  const std::int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position() : size();
  if (offset < -base || offset > std::numeric_limits<std::int64_t>::max() - base) return -1;
  position_ = static_cast<std::uint64_t>(base + offset);
  return position();
}

std::int64_t StreamCursor::read(void* out, std::int64_t bytes) {
  const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(bytes, 0));
  std::size_t done = 0;
  while (done < wanted && !failure_) {
    const auto begin = static_cast<std::size_t>(position_ - window_begin_);
    if (position_ < window_begin_ || begin >= window_.size()) {
      if (!fill()) break;
      continue;
    }
    const std::size_t count = std::min(wanted - done, window_.size() - begin);
    std::memcpy(static_cast<std::byte*>(out) + done, window_.data() + begin, count);
    done += count;
    position_ += count;
  }
  return static_cast<std::int64_t>(done);
}

void StreamCursor::rethrow() {
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

// The window from the position on; false at the end.
bool StreamCursor::fill() {
  if (buffer_.empty()) return false;
  window_ = {};
  window_begin_ = position_;
  try {
    window_ = std::span(buffer_).first(stream_.read_at(position_, buffer_));
  } catch (...) {
    failure_ = std::current_exception();
  }
  return !window_.empty();
}

}  // namespace chorale::audio
