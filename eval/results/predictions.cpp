#include "eval/results/predictions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/dataset/csv.hpp"

namespace chorale::eval {
namespace {

using config::TaskKind;
using dataset::csv_field;

// Texts of one task's labels and predictions, as CSV fields.
class Texts {
 public:
  explicit Texts(const Predictions& predictions)
      : output_(predictions.output), thresholds_(predictions.thresholds) {}

  bool of_one_class() const { return kind() == TaskKind::kSingle || kind() == TaskKind::kKey; }

  std::string columns() const {
    std::string text;
    if (kind() != TaskKind::kRegression) {
      for (const auto& name : output_.task.classes) text += "," + csv_field("p_" + name);
    }
    return text + "\n";
  }

  std::string label(const dataset::Label& label) const { return csv_field(label_text(output_, label)); }

  template <class T>
  std::string predicted(std::span<const T> values) const {
    if (kind() == TaskKind::kRegression) return fmt::format("{:.9g}", values.front());
    if (of_one_class()) return one(argmax(values));
    return several([&](std::int32_t index) {
      const auto at = static_cast<std::size_t>(index);
      return static_cast<double>(values[at]) >= thresholds_[at];
    });
  }

  // What stands in the columns().
  template <class T>
  std::string values(std::span<const T> values, const char* format) const {
    std::string text;
    if (kind() == TaskKind::kRegression) return text;
    for (const T value : values) text += "," + fmt::format(fmt::runtime(format), value);
    return text;
  }

  std::string one(std::int64_t index) const {
    return csv_field(output_.task.classes[static_cast<std::size_t>(index)]);
  }

 private:
  TaskKind kind() const { return output_.task.kind; }

  template <class Has>
  std::string several(Has has) const {
    std::string text;
    for (std::int32_t c = 0; c < output_.count; ++c) {
      if (has(c)) text += (text.empty() ? "" : "|") + output_.task.classes[static_cast<std::size_t>(c)];
    }
    return csv_field(text);
  }

  const models::Output& output_;
  const std::vector<double>& thresholds_;
};

}  // namespace

std::string label_text(const models::Output& output, const dataset::Label& label) {
  const auto& names = output.task.classes;
  switch (output.task.kind) {
    case TaskKind::kRegression:
      return fmt::format("{:.9g}", label.value);
    case TaskKind::kSingle:
    case TaskKind::kKey:
      return names[static_cast<std::size_t>(models::class_of(output, label))];
    case TaskKind::kMulti:
      break;
  }
  std::string text;
  for (const std::int32_t index : label.classes)
    text += (text.empty() ? "" : "|") + names[static_cast<std::size_t>(index)];
  return text;
}

std::string predictions_csv(const Predictions& predictions) {
  const Texts texts(predictions);
  const SliceProbabilities& slices = predictions.slices;
  std::string text = "id,path,slice,start,label,predicted" + texts.columns();
  std::vector<int> seen(predictions.songs.size());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const SongInfo& song = predictions.songs[slices.song[i]];
    text += fmt::format("{},{},{},{:.3f},{},{}{}\n", csv_field(song.id), csv_field(song.path),
                        seen[slices.song[i]]++, predictions.starts[i], texts.label(song.label),
                        texts.predicted(slices.of(i)), texts.values(slices.of(i), "{:.9g}"));
  }
  return text;
}

std::string songs_csv(const Predictions& predictions, const std::vector<Song>& songs) {
  const Texts texts(predictions);
  std::string text = "id,path,group,slices,label,predicted";
  text += (texts.of_one_class() ? ",voted" : "") + texts.columns();
  for (const Song& song : songs) {
    const SongInfo& info = predictions.songs[song.song];
    const std::span<const double> mean = song.mean;
    text += fmt::format("{},{},{},{},{},{}{}{}\n", csv_field(info.id), csv_field(info.path),
                        csv_field(info.group), song.slices, texts.label(info.label), texts.predicted(mean),
                        texts.of_one_class() ? "," + texts.one(song.voted) : "", texts.values(mean, "{}"));
  }
  return text;
}

metrics::Confusion count_slices(const Predictions& predictions) {
  std::vector<std::size_t> truths;
  for (const SongInfo& song : predictions.songs)
    truths.push_back(static_cast<std::size_t>(models::class_of(predictions.output, song.label)));
  metrics::Confusion confusion(predictions.slices.classes);
  for (std::size_t i = 0; i < predictions.slices.size(); ++i) {
    confusion.add(truths[predictions.slices.song[i]],
                  static_cast<std::size_t>(argmax(predictions.slices.of(i))));
  }
  return confusion;
}

metrics::Examples slice_examples(const Predictions& predictions) {
  metrics::Examples examples{.width = predictions.slices.classes};
  for (std::size_t i = 0; i < predictions.slices.size(); ++i) {
    const auto values = predictions.slices.of(i);
    examples.add(std::vector<double>(values.begin(), values.end()),
                 predictions.songs[predictions.slices.song[i]].label);
  }
  return examples;
}

metrics::Examples song_examples(const Predictions& predictions, const std::vector<Song>& songs) {
  metrics::Examples examples{.width = predictions.slices.classes};
  for (const Song& song : songs) examples.add(song.mean, predictions.songs[song.song].label);
  return examples;
}

}  // namespace chorale::eval
