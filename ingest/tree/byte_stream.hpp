// The bytes of one file, whether it lies in a folder or in an archive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace chorale::tree {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual std::uint64_t size() const = 0;
  // Fills `out` from `offset` on; less only at the end of the file. Returns the bytes read. Throws
  // runtime::FileError when the disk fails.
  virtual std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) const = 0;
};

class MemoryStream : public ByteStream {
 public:
  explicit MemoryStream(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> out) const override;

 private:
  std::vector<std::byte> bytes_;
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
