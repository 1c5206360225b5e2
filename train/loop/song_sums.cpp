#include "train/loop/song_sums.hpp"

namespace chorale::train {
namespace {

bool has_classes(const models::Output& output) {
  return output.task.kind == config::TaskKind::kSingle || output.task.kind == config::TaskKind::kKey;
}

}  // namespace

SongSums::SongSums(std::span<const models::Output> outputs, std::span<const store::StoredTrack> tracks,
                   std::span<const samples::Slice> slices)
    : outputs_(outputs), tracks_(tracks), width_(0) {
  for (const auto& output : outputs) width_ += static_cast<std::size_t>(output.count);
  for (const auto& slice : slices) {
    const auto [place, added] = song_of_.emplace(slice.track, songs_.size());
    if (added) songs_.push_back({.track = slice.track});
    ++songs_[place->second].slices;
  }
  values_.resize(songs_.size() * width_ + outputs.size());
}

void SongSums::add(std::span<const std::uint32_t> tracks, std::span<const float> predictions) {
  double* right = values_.data() + songs_.size() * width_;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    double* sums = values_.data() + song_of_.at(tracks[i]) * width_;
    const std::vector<double> slice(predictions.begin() + static_cast<std::ptrdiff_t>(i * width_),
                                    predictions.begin() + static_cast<std::ptrdiff_t>((i + 1) * width_));
    for (std::size_t column = 0; column < width_; ++column) sums[column] += slice[column];
    for (std::size_t task = 0; task < outputs_.size(); ++task) {
      const auto& output = outputs_[task];
      const dataset::Label& truth = label(tracks[i], task);
      if (!has_classes(output) || !truth.known) continue;
      const auto mine = std::span(slice).subspan(static_cast<std::size_t>(output.first),
                                                 static_cast<std::size_t>(output.count));
      right[task] += metrics::largest(mine) == models::class_of(output, truth);
    }
  }
}

metrics::Examples SongSums::songs(std::size_t task) const {
  const auto first = static_cast<std::size_t>(outputs_[task].first);
  metrics::Examples examples{.width = static_cast<std::size_t>(outputs_[task].count)};
  std::vector<double> mean(examples.width);
  for (std::size_t song = 0; song < songs_.size(); ++song) {
    const dataset::Label& truth = label(songs_[song].track, task);
    if (!truth.known) continue;
    for (std::size_t column = 0; column < mean.size(); ++column)
      mean[column] = values_[song * width_ + first + column] / static_cast<double>(songs_[song].slices);
    examples.add(mean, truth);
  }
  return examples;
}

double SongSums::slice_accuracy(std::size_t task) const {
  std::int64_t known = 0;
  for (const Song& song : songs_) {
    if (label(song.track, task).known) known += song.slices;
  }
  return values_[songs_.size() * width_ + task] / static_cast<double>(known);
}

}  // namespace chorale::train
