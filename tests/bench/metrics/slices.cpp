// All scores of a task of one class a song, from probabilities of slices that lie in memory: seconds and peak
// memory. bench_slice_metrics SLICES CLASSES SLICES_A_SONG
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "eval/results/task_metrics.hpp"
#include "pipeline/runtime/random.hpp"

int main(int argc, char** argv) {
  using namespace chorale;
  if (argc != 4) return 2;
  const auto number = [&](int i) { return static_cast<std::size_t>(std::stoull(argv[i])); };
  const std::size_t slices = number(1), classes = number(2), of_song = number(3);
  eval::Predictions predictions;
  predictions.output = {{"genre", config::TaskKind::kSingle, {}}, 0, static_cast<std::int64_t>(classes)};
  for (std::size_t c = 0; c < classes; ++c)
    predictions.output.task.classes.push_back("c" + std::to_string(c));
  predictions.slices.classes = classes;
  predictions.slices.song.reserve(slices);
  predictions.slices.probabilities.reserve(slices * classes);
  runtime::RandomStream draw(1);
  for (std::size_t i = 0; i < slices; ++i) {
    if (i % of_song == 0) {
      predictions.songs.push_back(
          {.id = "",
           .path = "",
           .group = "",
           .label = dataset::Label::of_class(static_cast<std::int32_t>(draw.below(classes)))});
    }
    const auto truth = static_cast<std::size_t>(predictions.songs.back().label.index());
    predictions.slices.song.push_back(static_cast<std::uint32_t>(predictions.songs.size() - 1));
    for (std::size_t c = 0; c < classes; ++c)
      predictions.slices.probabilities.push_back(
          static_cast<float>(draw.uniform() * (c == truth ? 1.5 : 1.0) / 16));
  }
  const auto start = std::chrono::steady_clock::now();
  const auto scores = eval::measure_task(predictions, eval::aggregate(predictions.slices));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf("%.2f s, peak %.0f MiB, song accuracy %.3f\n", took.count(),
              static_cast<double>(usage.ru_maxrss) / 1024, metrics::score(scores.classes->song).accuracy);
  return 0;
}
