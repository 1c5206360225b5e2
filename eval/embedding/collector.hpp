// Embeddings as a forward pass yields them: written to a file slice by slice, and added up song by song, so
// that those of all slices need not fit into memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "eval/embedding/matrix.hpp"
#include "eval/embedding/npy_file.hpp"

namespace chorale::eval {

class EmbeddingCollector {
 public:
  static constexpr std::uint32_t kLeftOut = UINT32_MAX;

  // `songs` [slices]: of each slice its song, numbered by their first slices, or kLeftOut.
  EmbeddingCollector(std::filesystem::path file, std::vector<std::uint32_t> songs);

  // Of the next slices, [n, width]; the same width every time. Throws runtime::FileError.
  void add(std::span<const float> rows, std::size_t width);

  // [songs, width]: the mean of each song's slices. Puts the file [slices, width] in place: a row a slice
  // that was not left out. Throws runtime::FileError.
  Matrix<float> finish();

 private:
  void begin(std::size_t width);

  std::filesystem::path path_;
  std::vector<std::uint32_t> songs_;
  std::optional<NpyFile> file_;
  std::size_t next_ = 0;  // slice
  Matrix<double> sums_;
  std::vector<std::int64_t> slices_;  // of each song
};

}  // namespace chorale::eval
