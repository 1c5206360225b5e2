#include "eval/stage/write_embeddings.hpp"

#include <map>

#include "eval/embedding/npy_file.hpp"
#include "eval/embedding/song_map.hpp"
#include "eval/figures/map_figures.hpp"
#include "eval/results/embedding_tables.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;

// A song without an artist is the only one of its own.
std::vector<SongMark> marks_of(const std::vector<SongInfo>& songs, const models::Output& output,
                               bool has_classes) {
  std::vector<SongMark> marks;
  std::map<std::string, std::int32_t> artists;
  for (const SongInfo& song : songs) {
    const std::string unit = song.group.empty() ? "song " + song.id : "artist " + song.group;
    const auto next = static_cast<std::int32_t>(artists.size());
    const auto label = has_classes ? models::class_of(output, song.label) : -1;
    marks.push_back({static_cast<std::int32_t>(label), artists.try_emplace(unit, next).first->second});
  }
  return marks;
}

std::vector<MappedSong> mapped_songs(const std::vector<SongInfo>& songs, const models::Output& output,
                                     const std::vector<std::uint32_t>& drawn) {
  std::vector<MappedSong> result;
  result.reserve(drawn.size());
  for (const std::uint32_t song : drawn)
    result.push_back({songs[song].id, label_text(output, songs[song].label), songs[song].group});
  return result;
}

void remove_former(const checkpoint::RunFolder& folder) {
  for (const auto& file : {folder.embeddings(), folder.song_embeddings(), folder.neighbours()})
    fs::remove(file);
  for (const char* table : {"retrieval", "retrieval_per_class", "neighbours"})
    remove_table(table, folder.tables());
  for (const char* figure : kMapFigures) figures::remove_figure(figure, folder.figures());
}

}  // namespace

std::optional<EmbeddingScores> write_embeddings(const OpenedRun& run, const Forward& forward,
                                                const std::vector<SongInfo>& songs,
                                                const RunMetrics& metrics) {
  if (!forward.song_embeddings) {
    remove_former(run.results);
    return std::nullopt;
  }
  const Matrix<float>& embeddings = *forward.song_embeddings;
  const models::Output& output = run.outputs[models::main_task(run.outputs)];
  spdlog::info("embeddings of {} songs, {} numbers each: neighbours and maps", embeddings.rows,
               embeddings.width);
  NpyFile file(run.results.song_embeddings(), embeddings.rows, embeddings.width);
  file.add(embeddings.values);
  file.commit();

  EmbeddingScores scores{.songs = static_cast<std::int64_t>(embeddings.rows),
                         .width = static_cast<std::int64_t>(embeddings.width),
                         .search = search(embeddings, marks_of(songs, output, !metrics.classes.empty()),
                                          metrics.classes.size(), forward.threads)};
  runtime::write_file(run.results.neighbours(), neighbours_csv(scores.search, songs, output));
  for (const Table& table : retrieval_tables(scores, metrics)) write_table(table, run.results.tables());
  write_table(neighbour_table(scores.search, songs, output, metrics), run.results.tables());

  const SongMap map = map_songs(embeddings, forward.threads);
  const MapText text{.model = metrics.checkpoint.model,
                     .part = part_text(metrics.split),
                     .group = group_word(metrics),
                     .task = metrics.task,
                     .songs = embeddings.rows,
                     .has_classes = !metrics.classes.empty()};
  for (const char* figure : kMapFigures) figures::remove_figure(figure, run.results.figures());
  for (const auto& figure : map_figures(map, mapped_songs(songs, output, map.songs), text))
    figures::write_figure(figure, run.results.figures());
  return scores;
}

}  // namespace chorale::eval
