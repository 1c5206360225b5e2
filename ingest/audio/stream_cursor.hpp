// A place in a stream of bytes, for decoders that are C: they call back to read and to seek, so exceptions
// wait until the decoder has returned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <vector>

#include "ingest/tree/byte_stream.hpp"

namespace chorale::audio {

class StreamCursor {
 public:
  // The stream must outlive it.
  explicit StreamCursor(const tree::ByteStream& stream);

  std::int64_t size() const { return static_cast<std::int64_t>(stream_.size()); }
  std::int64_t position() const { return static_cast<std::int64_t>(position_); }
  // `whence` as lseek's. Returns the new position, or -1 where there is none.
  std::int64_t seek(std::int64_t offset, int whence);
  // Bytes read; less than asked for at the end, or when the stream throws.
  std::int64_t read(void* out, std::int64_t bytes);
  // Throws what the stream threw meanwhile.
  void rethrow();

 private:
  bool fill();

  const tree::ByteStream& stream_;
  std::uint64_t position_ = 0;
  std::vector<std::byte> buffer_;  // of a stream that is not in memory
  std::span<const std::byte> window_;
  std::uint64_t window_begin_ = 0;
  std::exception_ptr failure_;
};

}  // namespace chorale::audio
