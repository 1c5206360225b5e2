// The bytes of one file, whether it lies in a folder or in an archive.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace chorale::tree {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual std::uint64_t size() const = 0;
  // Fills `out` from `offset` on; less only at the end of the file. Returns the bytes read. Throws
  // runtime::FileError when the disk fails.
  virtual std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) const = 0;
  // All of it, where it is in memory; else nothing.
  virtual std::span<const std::byte> in_memory() const { return {}; }
};

// Memory that is not cleared before it is written to.
class Bytes {
 public:
  explicit Bytes(std::size_t size) : data_(std::make_unique_for_overwrite<std::byte[]>(size)), size_(size) {}

  explicit Bytes(std::span<const std::byte> content) : Bytes(content.size()) {
    std::ranges::copy(content, data_.get());
  }

  std::span<std::byte> span() { return {data_.get(), size_}; }
  std::span<const std::byte> span() const { return {data_.get(), size_}; }
  void shorten(std::size_t size) { size_ = size; }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_;
};

class MemoryStream : public ByteStream {
 public:
  explicit MemoryStream(Bytes bytes) : bytes_(std::move(bytes)) {}

  std::uint64_t size() const override { return in_memory().size(); }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) const override;
  std::span<const std::byte> in_memory() const override { return bytes_.span(); }

 private:
  Bytes bytes_;
};

// A file open for reading.
class File {
 public:
  // Throws std::system_error, whose code tells why.
  explicit File(std::filesystem::path path);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::filesystem::path& path() const { return path_; }
  int descriptor() const { return descriptor_; }
  bool is_regular() const { return is_regular_; }
  std::uint64_t size() const { return size_; }  // when it was opened
  // As ByteStream::read_at.
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  bool is_regular_ = false;
  std::uint64_t size_ = 0;
};

// `bytes` bytes of a file from `begin` on. Small ones, which nearly all audio files are, are read at once, so
// that hashing and decoding share one read; others as they are asked for. Throws runtime::FileError: the disk
// fails, the file has become shorter.
std::unique_ptr<ByteStream> open_range(std::shared_ptr<const File> file, std::uint64_t begin,
                                       std::uint64_t bytes);

// xxh3 of all of it.
std::uint64_t content_hash(const ByteStream& stream);

}  // namespace chorale::tree
