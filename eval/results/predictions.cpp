#include "eval/results/predictions.hpp"

#include <fmt/format.h>

#include "pipeline/dataset/csv.hpp"

namespace chorale::eval {
namespace {

using dataset::csv_field;

std::string probability_columns(const Predictions& predictions) {
  std::string columns;
  for (const auto& name : predictions.classes) columns += "," + csv_field("p_" + name);
  return columns + "\n";
}

std::string class_name(const Predictions& predictions, std::int32_t index) {
  return csv_field(predictions.classes[static_cast<std::size_t>(index)]);
}

}  // namespace

std::string predictions_csv(const Predictions& predictions) {
  const SliceProbabilities& slices = predictions.slices;
  std::string text = "id,path,slice,start,label,predicted" + probability_columns(predictions);
  std::vector<int> seen(predictions.songs.size());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const SongInfo& song = predictions.songs[slices.song[i]];
    text += fmt::format("{},{},{},{:.3f},{},{}", csv_field(song.id), csv_field(song.path),
                        seen[slices.song[i]]++, predictions.starts[i], class_name(predictions, song.label),
                        class_name(predictions, argmax(slices.of(i))));
    for (const float p : slices.of(i)) text += fmt::format(",{:.9g}", p);
    text += "\n";
  }
  return text;
}

std::string songs_csv(const Predictions& predictions, const std::vector<Song>& songs) {
  std::string text = "id,path,group,slices,label,predicted,voted" + probability_columns(predictions);
  for (const Song& song : songs) {
    const SongInfo& info = predictions.songs[song.song];
    text += fmt::format("{},{},{},{},{},{},{}", csv_field(info.id), csv_field(info.path),
                        csv_field(info.group), song.slices, class_name(predictions, info.label),
                        class_name(predictions, song.predicted), class_name(predictions, song.voted));
    for (const double p : song.mean) text += fmt::format(",{}", p);
    text += "\n";
  }
  return text;
}

}  // namespace chorale::eval
