#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/figures/map_figures.hpp"
#include "eval/report/run_figures.hpp"
#include "eval/results/embedding_tables.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using runtime::read_file;
using testing::HasSubstr;
using testing::Not;
using testing_support::TemporaryFolder;

const models::Output kGenre = {{"genre", config::TaskKind::kSingle, {"blues", "so,ul", "polka"}}, 0, 3};

// Songs 0 and 1 are of one class and one artist, 2 of that class, 3 the only one of its own; artists of these
// are unknown.
std::vector<SongInfo> songs() {
  const auto song = [](const char* id, const char* group, std::int32_t label) {
    return SongInfo{id, std::string("audio/") + id + ".wav", group, dataset::Label::of_class(label)};
  };
  return {song("a", "Ann", 0), song("b", "Ann", 0), song("c", "", 0), song("d", "", 1)};
}

EmbeddingScores scores() {
  Matrix<float> embeddings(4, 2);
  embeddings.values = {1, 0, 1, 0.1F, 1, 2, 0, 1};
  const std::vector<SongMark> marks = {{0, 0}, {0, 0}, {0, 1}, {1, 2}};
  return {.songs = 4, .width = 2, .search = search(embeddings, marks, 3, 1)};
}

RunMetrics run_metrics() {
  RunMetrics run{.task = "genre", .classes = kGenre.task.classes, .n_songs = 4, .n_slices = 8, .n_groups = 3};
  run.split.group = "artist";
  run.checkpoint.model = "cnn";
  return run;
}

TEST(NeighboursCsv, HasARowForEachSongAndNeighbour) {
  const std::string csv = neighbours_csv(scores().search, songs(), kGenre);
  EXPECT_THAT(csv, HasSubstr("\na,audio/a.wav,blues,Ann,1,b,audio/b.wav,blues,Ann,0.995037"));
  EXPECT_THAT(csv, HasSubstr(",yes,yes\n"));
  EXPECT_THAT(csv, HasSubstr("\nd,audio/d.wav,\"so,ul\",,1,c,audio/c.wav,blues,,0.894427"));
  EXPECT_THAT(csv, HasSubstr(",no,no\n"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 4 * 3);
}

TEST(SongsLike, ReadsThemBackByIdOrPath) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "neighbours.csv";
  runtime::write_file(file, neighbours_csv(scores().search, songs(), kGenre));
  for (const char* name : {"d", "audio/d.wav"}) {
    const Table table = songs_like(file, name);
    EXPECT_EQ(table.caption, "Songs like d (so,ul)");
    ASSERT_EQ(table.rows.size(), 3u);
    EXPECT_EQ(text_of(table.rows[0][1]), "0.894");
    EXPECT_EQ(text_of(table.rows[0][2]), "c");
  }
}

TEST(SongsLike, SaysWhatIsMissing) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "neighbours.csv";
  const auto message = [&](const std::string& song) -> std::string {
    try {
      songs_like(file, song);
    } catch (const runtime::UsageError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(message("d"), HasSubstr("eval.embeddings=true"));
  auto longer = songs();
  longer[0].id = "blues.00042";
  runtime::write_file(file, neighbours_csv(scores().search, longer, kGenre));
  EXPECT_THAT(message("blues.00043"), HasSubstr("Did you mean \"blues.00042\"?"));
}

TEST(RetrievalTables, SayWhatThereIsToMeasure) {
  const auto tables = retrieval_tables(scores(), run_metrics());
  ASSERT_EQ(tables.size(), 2u);
  ASSERT_EQ(tables[0].rows.size(), 3u);
  EXPECT_EQ(text_of(tables[0].rows[0][1]), "3") << "queries: song d is the only one of its class";
  EXPECT_EQ(text_of(tables[0].rows[0][4]), "–") << "P@10 of four songs";
  EXPECT_EQ(text_of(tables[0].rows[2][0]), "the same artist");
  EXPECT_EQ(text_of(tables[0].rows[2][1]), "2");
  ASSERT_EQ(tables[1].rows.size(), 3u);
  EXPECT_EQ(text_of(tables[1].rows[2][2]), "–") << "nobody plays polka";
  EmbeddingScores alone = scores();
  alone.search.same_artist = {};
  EXPECT_EQ(retrieval_tables(alone, run_metrics())[0].rows.size(), 1u) << "no two songs of an artist";
}

TEST(RetrievalTables, OfSeveralLabelsASongAreOfArtistsAlone) {
  RunMetrics run = run_metrics();
  run.classes.clear();
  const auto tables = retrieval_tables(scores(), run);
  ASSERT_EQ(tables.size(), 1u);
  ASSERT_EQ(tables[0].rows.size(), 1u);
  EXPECT_EQ(text_of(tables[0].rows[0][0]), "the same artist");
  run.split.group = "pattern";
  EXPECT_EQ(text_of(retrieval_tables(scores(), run)[0].rows[0][0]), "the same group");
}

TEST(EmbeddingScores, StandInMetricsJson) {
  RunMetrics run = run_metrics();
  for (auto* confusion : {&run.song, &run.vote, &run.slice}) *confusion = metrics::Confusion(3);
  EXPECT_FALSE(nlohmann::json::parse(to_json(run)).contains("embedding"));
  run.embedding = scores();
  const auto json = nlohmann::json::parse(to_json(run)).at("embedding");
  EXPECT_EQ(json.at("width"), 2);
  EXPECT_EQ(json.at("same_class").at("queries"), 3);
  EXPECT_EQ(json.at("same_artist").at("precision_at_1"), 1.0);
  EXPECT_TRUE(json.at("same_class").at("precision_at_10").is_null());
  EXPECT_EQ(json.at("per_class").at("blues").at("same_class").at("queries"), 3);
  EXPECT_TRUE(json.at("per_class").at("polka").at("same_class").at("mean_average_precision").is_null());
}

// Thirteen artists of two songs, one of three.
std::vector<MappedSong> mapped() {
  std::vector<MappedSong> result;
  for (int i = 0; i < 29; ++i) {
    result.push_back({"song" + std::to_string(i), i % 2 == 0 ? "blues" : "so\tul",
                      "artist " + std::to_string(i / 2 % 14)});
  }
  return result;
}

SongMap places() {
  SongMap map{.explained = {0.5, 0.25}, .perplexity = 9.33};
  for (std::uint32_t i = 0; i < 29; ++i) {
    map.songs.push_back(i);
    map.pca.push_back({static_cast<double>(i), 1});
    map.tsne.push_back({1, static_cast<double>(i)});
  }
  return map;
}

const MapText kText = {"cnn", "test part", "artist", "genre", 40, true};

TEST(MapFigures, ColourByClassAndByTheArtistsWithMostSongs) {
  const auto all = map_figures(places(), mapped(), kText);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].name, "embedding_tsne_class");
  EXPECT_THAT(all[0].commands,
              HasSubstr("'cnn, test part: t-SNE of 29 of 40 songs by genre (perplexity 9.33)'"));
  EXPECT_THAT(all[0].data, HasSubstr("\n1\t2\tsong2\tblues\n"));
  EXPECT_THAT(all[0].data, HasSubstr("\n1\t1\tsong1\tso ul\n"));
  EXPECT_THAT(all[1].commands, HasSubstr("'component 1: 50.0 % of the variance'"));
  EXPECT_THAT(all[2].commands, HasSubstr("title '2 others'"));
  EXPECT_THAT(all[2].commands, HasSubstr("title 'artist 0'")) << "has three songs";
  EXPECT_THAT(all[2].commands, Not(HasSubstr("title 'artist 9'"))) << "of those with two the last by name";
}

TEST(MapFigures, LeaveOutWhatIsNotKnown) {
  auto songs = mapped();
  for (auto& song : songs) song.artist.clear();
  EXPECT_EQ(map_figures(places(), songs, kText).size(), 2u);
  SongMap few = places();
  few.tsne.clear();
  EXPECT_EQ(map_figures(few, mapped(), kText).size(), 2u);
  MapText several = kText;
  several.has_classes = false;
  EXPECT_EQ(map_figures(places(), mapped(), several).front().name, "embedding_tsne_artist");
  EXPECT_TRUE(map_figures({}, {}, kText).empty());
}

TEST(MapFigures, AreDrawnAndTakenOverByReports) {
  const TemporaryFolder folder;
  const fs::path report = folder.path() / "report", figures = report / "figures";
  std::vector<eval::Run> runs(3);
  runs[2].dir = folder.path();
  runs[2].name = "third";
  figures::write_figure(map_figures(places(), mapped(), kText)[0], folder.path() / "figures");
  ReportFolder document("Songs", report);
  add_run_figures(document, runs, {});
  document.finish();
  EXPECT_THAT(
      read_file(report / "report.md"),
      testing::AllOf(HasSubstr("Songs by their embeddings"), HasSubstr("Embeddings of third by class: t-SNE"),
                     HasSubstr("embedding_tsne_class-3.svg"), testing::Not(HasSubstr("-1.svg")),
                     testing::Not(HasSubstr("What the models go by"))));
  const std::string svg = read_file(figures / "embedding_tsne_class-3.svg");
  EXPECT_THAT(svg, HasSubstr("</svg>"));
  EXPECT_THAT(svg, HasSubstr(">blues<"));
  EXPECT_THAT(read_file(figures / "embedding_tsne_class-3.gp"),
              HasSubstr("plot 'embedding_tsne_class-3.tsv' index 0"));
  EXPECT_EQ(read_file(figures / "embedding_tsne_class-3.png").substr(0, 8), "\x89PNG\r\n\x1a\n");
  ReportFolder another("Songs", report);  // of runs without such figures
  another.finish();
  EXPECT_FALSE(fs::exists(figures / "embedding_tsne_class-3.svg"));
}

}  // namespace
}  // namespace chorale::eval
