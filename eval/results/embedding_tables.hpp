// Tables and files about songs that are alike.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/results/predictions.hpp"
#include "eval/results/run_metrics.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

// What a group of songs is to a reader: "artist", or "group" where the split keeps something else together.
std::string group_word(const RunMetrics& run);

// `retrieval`: what there is to measure of: same class, the same among other artists, same artist. Then,
// where songs have one class each, `retrieval_per_class`.
std::vector<Table> retrieval_tables(const EmbeddingScores& scores, const RunMetrics& run);

// `neighbours`: the five nearest of a few songs, evenly taken from all.
Table neighbour_table(const SongSearch& search, const std::vector<SongInfo>& songs,
                      const models::Output& output, const RunMetrics& run);

// neighbours.csv: a row a song and neighbour, the nearest first.
std::string neighbours_csv(const SongSearch& search, const std::vector<SongInfo>& songs,
                           const models::Output& output);

// Rows of the neighbours.csv at PATH about one song, named by its id or path, as a table. Throws UsageError:
// no such file, no such song.
Table songs_like(const std::filesystem::path& path, const std::string& song);

}  // namespace chorale::eval
