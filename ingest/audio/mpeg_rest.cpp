#include "ingest/audio/mpeg_rest.hpp"

#include <mpg123.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/audio/error.hpp"
#include "ingest/audio/stream_cursor.hpp"

namespace chorale::audio {
namespace {

constexpr std::size_t kSkipped = 8192;         // samples at once
constexpr std::size_t kLongestPadding = 4096;  // frames; a LAME header has 12 bits for it

mpg123_handle* handle(void* decoder) { return static_cast<mpg123_handle*>(decoder); }

// Where the first MPEG frame begins: behind an ID3v2 tag, whose length has 7 bits a byte.
std::uint64_t first_frame(const tree::ByteStream& stream) {
  std::array<unsigned char, 10> head = {};
  stream.read_at(0, std::as_writable_bytes(std::span(head)));
  if (head[0] != 'I' || head[1] != 'D' || head[2] != '3') return 0;
  std::uint64_t length = 0;
  for (std::size_t i = 6; i < 10; ++i) length = 128 * length + (head[i] & 0x7fU);
  return length + head.size();
}

// The four bytes that hold the number of frames, where a Xing header holds one that is not 0.
std::optional<std::uint64_t> find_frame_count(const tree::ByteStream& stream) {
  std::array<char, 64> bytes = {};
  const std::uint64_t begin = first_frame(stream);
  stream.read_at(begin, std::as_writable_bytes(std::span(bytes)));
  const std::string_view text(bytes.data(), bytes.size());
  const auto header = std::min(text.find("Xing"), text.find("Info"));
  if (header == text.npos || header + 12 > text.size()) return {};
  const bool counted =
      (text[header + 7] & 1) != 0 && text.substr(header + 8, 4) != std::string_view("\0\0\0\0", 4);
  return counted ? std::optional(begin + header + 8) : std::nullopt;
}

mpg123_handle* make_decoder() {
  static const int ready = mpg123_init();
  int error = ready;
  mpg123_handle* decoder = ready == MPG123_OK ? mpg123_new(nullptr, &error) : nullptr;
  if (decoder == nullptr) throw DecodeError(std::string("libmpg123: ") + mpg123_plain_strerror(error));
  return decoder;
}

}  // namespace

// The file, but for its frame count: libmpg123 would cut the padding off where that says the end is.
struct MpegRest::Source {
  StreamCursor cursor;
  std::optional<std::uint64_t> count_at;

  static ssize_t read(void* user, void* out, std::size_t bytes) {
    Source& source = *static_cast<Source*>(user);
    const auto begin = static_cast<std::uint64_t>(source.cursor.position());
    const auto done = source.cursor.read(out, static_cast<std::int64_t>(bytes));
    for (std::uint64_t at = source.count_at.value_or(0); source.count_at && at < *source.count_at + 4; ++at) {
      if (at >= begin && at < begin + static_cast<std::uint64_t>(done)) {
        static_cast<unsigned char*>(out)[at - begin] = 0xff;
      }
    }
    return done;
  }

  static off_t seek(void* user, off_t offset, int whence) {
    return static_cast<Source*>(user)->cursor.seek(offset, whence);
  }
};

void MpegRest::CloseDecoder::operator()(void* decoder) const {
  mpg123_close(handle(decoder));
  mpg123_delete(handle(decoder));
}

MpegRest::MpegRest(const tree::ByteStream& stream, std::uint64_t frames)
    : source_(new Source{StreamCursor(stream), find_frame_count(stream)}), decoder_(make_decoder()) {
  mpg123_handle* decoder = handle(decoder_.get());
  mpg123_param(decoder, MPG123_REMOVE_FLAGS, MPG123_AUTO_RESAMPLE, 0);
  mpg123_param(decoder, MPG123_ADD_FLAGS, MPG123_FORCE_FLOAT | MPG123_GAPLESS | MPG123_QUIET, 0);
  mpg123_replace_reader_handle(decoder, Source::read, Source::seek, nullptr);
  long rate = 0;
  int channels = 0, encoding = 0;
  mpg123_open_handle(decoder, source_.get());
  mpg123_getformat(decoder, &rate, &channels, &encoding);
  source_->cursor.rethrow();

  std::vector<float> block(kSkipped);
  for (std::uint64_t left = frames * static_cast<std::uint64_t>(channels); left > 0;) {
    const std::size_t count = decode(std::span(block).first(std::min<std::uint64_t>(left, kSkipped)));
    if (count == 0) break;
    left -= count;
  }
  mpg123_param(decoder, MPG123_ADD_FLAGS, MPG123_NO_RESYNC, 0);
  ahead_.resize(kLongestPadding * static_cast<std::size_t>(channels));
  if (decode(ahead_) == ahead_.size()) return;
  ahead_.clear();
  decoder_.reset();
}

MpegRest::~MpegRest() = default;

std::size_t MpegRest::read(std::span<float> samples) {
  if (ahead_.empty()) return decode(samples);
  const std::size_t count = std::min(samples.size(), ahead_.size());
  const auto end = ahead_.begin() + static_cast<std::ptrdiff_t>(count);
  std::copy(ahead_.begin(), end, samples.begin());
  ahead_.erase(ahead_.begin(), end);
  return count;
}

std::size_t MpegRest::decode(std::span<float> samples) {
  if (!decoder_) return 0;
  std::size_t bytes = 0;
  mpg123_read(handle(decoder_.get()), reinterpret_cast<unsigned char*>(samples.data()), samples.size_bytes(),
              &bytes);
  source_->cursor.rethrow();
  return bytes / sizeof(float);
}

}  // namespace chorale::audio
