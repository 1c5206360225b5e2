#include "eval/stage/task_songs.hpp"

#include <unordered_map>

#include "eval/embedding/collector.hpp"

namespace chorale::eval {

TaskSongs songs_of(const OpenedRun& run, std::size_t task) {
  TaskSongs songs;
  std::unordered_map<std::uint32_t, std::uint32_t> song_of_track;
  for (const samples::Slice& slice : run.slices) {
    if (!run.labels[slice.track].at(task).known) {
      songs.of_slice.push_back(EmbeddingCollector::kLeftOut);
      continue;
    }
    const auto next = static_cast<std::uint32_t>(songs.tracks.size());
    const auto [entry, added] = song_of_track.try_emplace(slice.track, next);
    if (added) songs.tracks.push_back(slice.track);
    songs.of_slice.push_back(entry->second);
  }
  return songs;
}

}  // namespace chorale::eval
