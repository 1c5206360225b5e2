#include "ingest/tree/byte_stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/hash.hpp"

namespace chorale::tree {
namespace {

constexpr std::uint64_t kReadAtOnce = std::uint64_t{16} << 20;  // bytes
constexpr std::size_t kBlock = std::size_t{1} << 18;

class RangeStream : public ByteStream {
 public:
  RangeStream(std::shared_ptr<const File> file, std::uint64_t begin, std::uint64_t bytes)
      : file_(std::move(file)), begin_(begin), bytes_(bytes) {}

  std::uint64_t size() const override { return bytes_; }

  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) const override {
    const auto count = std::min<std::uint64_t>(out.size(), bytes_ - std::min(offset, bytes_));
    const auto wanted = out.first(static_cast<std::size_t>(count));
    if (file_->read_at(begin_ + offset, wanted) < wanted.size()) {
      throw runtime::FileError(file_->path().string() + ": has become shorter while it was read");
    }
    return wanted.size();
  }

 private:
  std::shared_ptr<const File> file_;
  std::uint64_t begin_, bytes_;
};

}  // namespace

std::size_t MemoryStream::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  if (offset >= size()) return 0;
  const auto rest = in_memory().subspan(static_cast<std::size_t>(offset));
  const std::size_t count = std::min(out.size(), rest.size());
  std::copy_n(rest.begin(), count, out.begin());
  return count;
}

File::File(std::filesystem::path path)
    : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  struct stat status = {};
  if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) {
    const std::error_code code(errno, std::generic_category());
    if (descriptor_ >= 0) ::close(descriptor_);
    throw std::system_error(code);
  }
  is_regular_ = S_ISREG(status.st_mode);
  size_ = static_cast<std::uint64_t>(status.st_size);
}

File::~File() { ::close(descriptor_); }

std::size_t File::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const auto count =
        ::pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw runtime::FileError(path_.string() + ": cannot read: " + std::strerror(errno));
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

std::unique_ptr<ByteStream> open_range(std::shared_ptr<const File> file, std::uint64_t begin,
                                       std::uint64_t bytes) {
  auto range = std::make_unique<RangeStream>(std::move(file), begin, bytes);
  if (bytes > kReadAtOnce) return range;
  Bytes content(static_cast<std::size_t>(bytes));
  range->read_at(0, content.span());
  return std::make_unique<MemoryStream>(std::move(content));
}

std::uint64_t content_hash(const ByteStream& stream) {
  if (const auto all = stream.in_memory(); !all.empty()) return runtime::xxh3(all.data(), all.size());
  runtime::Xxh3 hash;
  Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, stream.size())));
  const auto block = buffer.span();
  for (std::uint64_t offset = 0; offset < stream.size(); offset += block.size()) {
    hash.update(block.first(stream.read_at(offset, block)));
  }
  return hash.digest();
}

}  // namespace chorale::tree
