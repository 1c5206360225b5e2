#include "eval/results/embedding_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eval/results/result_tables.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/nearest.hpp"

namespace chorale::eval {
namespace {

using dataset::csv_field;

constexpr std::size_t kShownSongs = 20, kShownNeighbours = 5;

const char* yes_no(bool value) { return value ? "yes" : "no"; }

bool same_artist(const SongInfo& a, const SongInfo& b) { return !a.group.empty() && a.group == b.group; }

std::vector<Column> score_columns(const char* key, const char* first) {
  std::vector<Column> columns = {{key, first}, {"queries", "queries"}};
  for (const std::size_t depth : kDepths)
    columns.push_back({fmt::format("precision_at_{}", depth), fmt::format("P@{}", depth)});
  columns.push_back({"mean_average_precision", "MAP"});
  columns.push_back({"chance", "chance"});
  return columns;
}

std::vector<Cell> score_row(const std::string& name, const RetrievalScores& scores) {
  std::vector<Cell> row = {name, scores.queries};
  for (const auto& precision : scores.precision) row.push_back(optional_number(precision));
  row.push_back(optional_number(scores.mean_average_precision));
  row.push_back(optional_number(scores.chance));
  return row;
}

}  // namespace

std::string group_word(const RunMetrics& run) { return run.split.group == "artist" ? "artist" : "group"; }

std::vector<Table> retrieval_tables(const EmbeddingScores& scores, const RunMetrics& run) {
  const SongSearch& search = scores.search;
  Table all{
      .name = "retrieval",
      .caption = fmt::format("Songs found by their likeness to one: {}, {} embeddings of width {}",
                             run.checkpoint.model, scores.songs, scores.width),
      .columns = score_columns("found", "found songs have"),
      .notes = {
          describe(run),
          "P@k: part of the k most similar songs (cosine of mean embeddings) that have it, below 1 where "
          "fewer than k have; MAP: mean average precision; chance: P@k of a random order. Each song is "
          "asked for once and is not among those found; a query needs a song that could be found."}};
  if (!run.classes.empty()) all.add(score_row("the same class", search.same_class));
  if (search.same_artist.queries > 0) {
    if (!run.classes.empty())
      all.add(score_row(fmt::format("the same class, of other {}s alone", group_word(run)),
                        search.same_class_other_artist));
    all.add(score_row("the same " + group_word(run), search.same_artist));
  } else {
    all.notes.push_back("No two songs of this part are known to have the same " + group_word(run) + ".");
  }
  std::vector<Table> tables = {with_warning(std::move(all), run)};
  if (run.classes.empty()) return tables;

  Table classes{.name = "retrieval_per_class",
                .caption = "Songs of the same class found, by the class of the song that was asked for",
                .columns = score_columns("class", "class"),
                .notes = {"–: no other song of this part has the class, or there are fewer songs than k."}};
  classes.columns.push_back(
      {"mean_average_precision_other_artist", fmt::format("MAP, other {}s", group_word(run))});
  for (std::size_t c = 0; c < run.classes.size(); ++c) {
    auto row = score_row(run.classes[c], search.class_of_query[c]);
    row.push_back(optional_number(search.class_of_query_other_artist[c].mean_average_precision));
    classes.add(std::move(row));
  }
  tables.push_back(with_warning(std::move(classes), run));
  return tables;
}

Table neighbour_table(const SongSearch& search, const std::vector<SongInfo>& songs,
                      const models::Output& output, const RunMetrics& run) {
  Table table{.name = "neighbours",
              .caption = fmt::format("Songs like this one, {} of {}", std::min(kShownSongs, songs.size()),
                                     songs.size()),
              .columns = {{"song", "song"},
                          {"label", "label"},
                          {"rank", "rank"},
                          {"similar", "similar song"},
                          {"similar_label", "its label"},
                          {"similarity", "similarity"},
                          {"same_label", "same label"},
                          {"same_group", "same " + group_word(run)}},
              .notes = {"Cosine of the mean embeddings. All songs: neighbours.csv in the run folder."}};
  const std::size_t shown = std::min(kShownSongs, songs.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const std::size_t at = i * songs.size() / shown;
    const SongInfo& song = songs[at];
    const auto& neighbours = search.neighbours[at];
    for (std::size_t k = 0; k < std::min(kShownNeighbours, neighbours.size()); ++k) {
      const SongInfo& other = songs[neighbours[k].song];
      table.add({song.id, label_text(output, song.label), static_cast<std::int64_t>(k + 1), other.id,
                 label_text(output, other.label), Number{static_cast<double>(neighbours[k].similarity)},
                 yes_no(song.label == other.label), yes_no(same_artist(song, other))});
    }
  }
  return with_warning(std::move(table), run);
}

std::string neighbours_csv(const SongSearch& search, const std::vector<SongInfo>& songs,
                           const models::Output& output) {
  std::string text =
      "id,path,label,group,rank,similar_id,similar_path,similar_label,similar_group,similarity,same_label,"
      "same_group\n";
  const auto fields = [&](const SongInfo& song) {
    return fmt::format("{},{},{},{}", csv_field(song.id), csv_field(song.path),
                       csv_field(label_text(output, song.label)), csv_field(song.group));
  };
  for (std::size_t i = 0; i < songs.size(); ++i) {
    const std::string mine = fields(songs[i]);
    int rank = 0;
    for (const Neighbour& neighbour : search.neighbours[i]) {
      const SongInfo& other = songs[neighbour.song];
      text += fmt::format("{},{},{},{:.9g},{},{}\n", mine, ++rank, fields(other), neighbour.similarity,
                          yes_no(songs[i].label == other.label), yes_no(same_artist(songs[i], other)));
    }
  }
  return text;
}

Table songs_like(const std::filesystem::path& path, const std::string& song) {
  if (!std::filesystem::exists(path)) {
    const std::string run = path.parent_path().string();
    throw runtime::UsageError(fmt::format(
        "{}: it is not known which songs are alike; run: chorale eval {} eval.embeddings=true", run, run));
  }
  const auto csv = dataset::Csv::read(path);
  Table table{.name = "like",
              .caption = "",
              .columns = {{"rank", "rank"},
                          {"similarity", "similarity"},
                          {"id", "song"},
                          {"label", "label"},
                          {"group", "artist or group"}}};
  std::vector<std::string> known;
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    const std::string id = csv.at(row, "id");
    if (known.empty() || known.back() != id) known.push_back(id);
    if (id != song && csv.at(row, "path") != song) continue;
    table.caption = fmt::format("Songs like {} ({})", id, csv.at(row, "label"));
    table.add({static_cast<std::int64_t>(csv.number_at(row, "rank")),
               Number{csv.number_at(row, "similarity")}, csv.at(row, "similar_id"),
               csv.at(row, "similar_label"), csv.at(row, "similar_group")});
  }
  if (!table.rows.empty()) return table;
  const auto guess = runtime::nearest(song, known);
  throw runtime::UsageError(fmt::format(
      "{}: none of the {} songs that were evaluated has the id or path \"{}\".{} songs.csv beside it lists "
      "them; eval.part names the part.",
      path.string(), known.size(), song, guess ? " Did you mean \"" + *guess + "\"?" : ""));
}

}  // namespace chorale::eval
