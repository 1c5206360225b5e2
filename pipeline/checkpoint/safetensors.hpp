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

// Bytes depend on the content alone (names sorted).
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

class SafetensorsFile {
 public:
  // Throws CheckpointError: not a safetensors file, truncated, offsets outside of the file or overlapping.
  explicit SafetensorsFile(const std::filesystem::path& path);
  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  std::vector<char> bytes_;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace chorale::checkpoint
