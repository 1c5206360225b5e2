// The safetensors format: tensors by name, read and written without executing anything.
// https://github.com/huggingface/safetensors (format section of its README).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::checkpoint {

struct CheckpointError : runtime::Error {
  using Error::Error;
};
struct CheckpointMismatch : runtime::UsageError {
  using UsageError::UsageError;
};

// A tensor in the file: contiguous, little endian.
struct TensorView {
  std::string dtype;  // "F32", "I64", ...
  std::vector<std::int64_t> shape;
  const void* data = nullptr;
  std::size_t bytes = 0;
};

// Bytes depend on the content alone: wider element types first, so that every tensor is aligned, then by
// name, which is the order of the reference implementation. Writes `path` itself; what must be there whole or
// not at all is written into a runtime::AtomicPath. Throws CheckpointError (disk full, no permission).
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

// A whole file in memory; its views live as long as it does.
class SafetensorsFile {
 public:
  // Trusts nothing in the file. Throws CheckpointError: not a safetensors file, truncated, an unknown dtype,
  // sizes that don't fit the shape, offsets outside of the file, overlapping or with holes between them.
  explicit SafetensorsFile(const std::filesystem::path& path);
  SafetensorsFile(SafetensorsFile&&) = default;
  SafetensorsFile& operator=(SafetensorsFile&&) = default;
  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  std::vector<char> bytes_;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace chorale::checkpoint
