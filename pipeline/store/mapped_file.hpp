// A file mapped into memory, read only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "pipeline/store/error.hpp"

namespace chorale::store {

class MappedFile {
 public:
  // Throws StoreError when the file cannot be opened, is empty, or cannot be mapped.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace chorale::store
