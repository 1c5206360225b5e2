#include "eval/embedding/collector.hpp"

#include <algorithm>

namespace chorale::eval {

EmbeddingCollector::EmbeddingCollector(std::filesystem::path file, std::vector<std::uint32_t> songs)
    : path_(std::move(file)), songs_(std::move(songs)) {}

void EmbeddingCollector::begin(std::size_t width) {
  std::size_t slices = 0, songs = 0;
  for (const std::uint32_t song : songs_) {
    if (song == kLeftOut) continue;
    ++slices;
    songs = std::max<std::size_t>(songs, song + 1);
  }
  file_.emplace(path_, slices, width);
  sums_ = Matrix<double>(songs, width);
  slices_.resize(songs);
}

void EmbeddingCollector::add(std::span<const float> rows, std::size_t width) {
  if (!file_) begin(width);
  for (; !rows.empty(); rows = rows.subspan(width)) {
    const std::uint32_t song = songs_.at(next_++);
    if (song == kLeftOut) continue;
    file_->add(rows.first(width));
    const auto sum = sums_.row(song);
    for (std::size_t d = 0; d < width; ++d) sum[d] += static_cast<double>(rows[d]);
    ++slices_[song];
  }
}

Matrix<float> EmbeddingCollector::finish() {
  file_->commit();
  Matrix<float> means(sums_.rows, sums_.width);
  for (std::size_t song = 0; song < means.rows; ++song) {
    for (std::size_t d = 0; d < means.width; ++d)
      means.row(song)[d] = static_cast<float>(sums_.row(song)[d] / static_cast<double>(slices_[song]));
  }
  return means;
}

}  // namespace chorale::eval
