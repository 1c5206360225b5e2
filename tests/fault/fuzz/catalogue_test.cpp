// What collections say about their tracks: FMA's tables, manifests, a table of artists, tables of features.
#include "ingest/catalogue/catalogue.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "fuzz.hpp"
#include "ingest/synth/fma_tables.hpp"
#include "ingest/tables/feature_table.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::fuzz {
namespace {

namespace fs = std::filesystem;
using config::DatasetKind;
using config::TaskKind;

const std::set<std::string> kFiles = {"000/000002.mp3", "000/000137.mp3", "001/001500.mp3"};

std::vector<std::string> words() {
  return {",",
          "\"",
          "\"\"",
          "\n",
          "\r\n",
          "\xff\xfe",
          std::string(1, '\0'),
          "../../etc/passwd",
          "/",
          "[",
          "]",
          "{",
          "}",
          ":",
          "[1013, 9999]",
          "training",
          "small",
          "1e999",
          "-1",
          "null",
          "true",
          "\\u0000",
          "\\ud800",
          "\"path\": ",
          "track,",
          "999999999999999999999",
          std::string(3000, '['),
          std::string(70000, 'x')};
}

synth::FmaRow row(int id, const char* split, std::vector<int> genres) {
  return {.id = id,
          .title = "A \"title\",\nquoted",
          .artist_id = id % 100,
          .artist = "Zoë",
          .style = "disco",
          .album = 1,
          .number = 1,
          .split = split,
          .subset = "small",
          .genres = std::move(genres)};
}

std::vector<synth::FmaRow> rows() {
  return {row(2, "training", {1043}), row(137, "validation", {1043, 1103}), row(1500, "test", {1010})};
}

// Whatever was accepted holds together.
void check(const catalogue::Catalogue& found) {
  std::set<std::string> ids;
  for (const catalogue::Entry& entry : found.entries) {
    if (!ids.insert(entry.track.id).second) throw std::logic_error("an id twice");
    if (!kFiles.contains(entry.track.path))
      throw std::logic_error("a file that is not there: " + entry.track.path);
    if (entry.track.labels.size() != found.tasks.size()) throw std::logic_error("labels and tasks differ");
    for (std::size_t task = 0; task < found.tasks.size(); ++task) {
      for (const std::int32_t index : entry.track.labels[task].classes) {
        if (index < 0 || static_cast<std::size_t>(index) >= found.tasks[task].classes.size()) {
          throw std::logic_error("a class that there is not");
        }
      }
    }
  }
  for (const auto& refused : found.refused) {
    if (refused.stage.empty() || refused.reason.empty()) throw std::logic_error("refused without a reason");
  }
}

class Collection {
 public:
  Collection() {
    for (const std::string& file : kFiles) write(tree / file, "");
  }

  static void write(const fs::path& path, const std::string& content) {
    fs::create_directories(path.parent_path());
    fs::remove(path);  // ext4 flushes a file that is written over
    std::ofstream(path, std::ios::binary) << content;
  }

  const testing_support::TemporaryFolder folder;
  const fs::path tree = folder.path() / "audio";
  const fs::path metadata = folder.path() / "metadata";
  config::Dataset options = [this] {
    config::Dataset dataset;
    dataset.root = tree.string();
    dataset.metadata = metadata.string();
    return dataset;
  }();
};

void expect_no_failure(const Plan& plan, const std::function<void(const std::string&)>& target) {
  const Findings findings = fuzz(plan, target);
  EXPECT_THAT(findings.failures, ::testing::IsEmpty());
  EXPECT_EQ(findings.accepted + findings.refused, plan.count);
  EXPECT_GT(findings.accepted, 0U);
  EXPECT_GT(findings.refused, 0U);
}

class FmaCollection : public Collection {
 public:
  FmaCollection() {
    options.kind = DatasetKind::kFma;
    options.subset = "small";
    options.group = config::GroupKind::kArtist;
    options.tasks = {
        {"genre_top", TaskKind::kSingle}, {"genres", TaskKind::kMulti}, {"genres_all", TaskKind::kMulti}};
    write(metadata / "tracks.csv", synth::fma_tracks_csv(rows()));
    write(metadata / "genres.csv", synth::fma_genres_csv(rows()));
  }
};

TEST(Fuzz, FmaTracks) {
  const FmaCollection collection;
  const Plan plan{
      .name = "tracks.csv", .seeds = {synth::fma_tracks_csv(rows())}, .words = words(), .count = 250};
  expect_no_failure(plan, [&](const std::string& input) {
    Collection::write(collection.metadata / "tracks.csv", input);
    check(catalogue::make_catalogue(collection.options));
  });
}

TEST(Fuzz, FmaGenres) {
  const FmaCollection collection;
  const Plan plan{
      .name = "genres.csv", .seeds = {synth::fma_genres_csv(rows())}, .words = words(), .count = 250};
  expect_no_failure(plan, [&](const std::string& input) {
    Collection::write(collection.metadata / "genres.csv", input);
    check(catalogue::make_catalogue(collection.options));
  });
}

void fuzz_manifest(const std::string& name, const std::vector<std::string>& seeds) {
  Collection collection;
  collection.options.kind = DatasetKind::kManifest;
  collection.options.metadata = (collection.folder.path() / name).string();
  collection.options.tasks = {{"genre", TaskKind::kSingle},
                              {"tags", TaskKind::kMulti},
                              {"tempo", TaskKind::kRegression},
                              {"key", TaskKind::kKey}};
  const Plan plan{.name = name, .seeds = seeds, .words = words(), .count = 250};
  expect_no_failure(plan, [&](const std::string& input) {
    Collection::write(collection.options.metadata, input);
    check(catalogue::make_catalogue(collection.options));
  });
}

TEST(Fuzz, CsvManifests) {
  fuzz_manifest("manifest.csv",
                {"path,genre,tags,tempo,key,split,artist\n"
                 "000/000002.mp3,disco,a|b,120.5,C:maj,train,One\n"
                 "000/000137.mp3,waltz,a,,F#:min,test,Two\n001/001500.mp3,waltz,,98,,train,\n"});
}

TEST(Fuzz, JsonManifests) {
  fuzz_manifest(
      "manifest.json",
      {R"([{"path": "000/000002.mp3", "genre": "disco", "tags": ["a", "b"], "tempo": 120.5, "key": "C:maj"},
 {"path": "000/000137.mp3", "genre": "waltz", "tags": [], "tempo": null, "key": "F#:min", "split": "test"}])"});
}

TEST(Fuzz, JsonLinesManifests) {
  fuzz_manifest(
      "manifest.jsonl",
      {R"({"path": "000/000002.mp3", "genre": "disco", "tags": ["a"], "tempo": 120.5, "key": "C:maj"}
{"path": "001/001500.mp3", "genre": "waltz", "tags": [], "tempo": 98, "key": "F#:min"}
)"});
}

TEST(Fuzz, TablesOfArtists) {
  Collection collection;
  collection.options.group = config::GroupKind::kArtist;
  const Plan plan{
      .name = "ground_truth.csv",
      .seeds = {"path,genre,artist\r\n000/000002.mp3,disco,\"One, Two\"\r\n000/000137.mp3,waltz,Three\r\n"},
      .words = words(),
      .count = 250};
  expect_no_failure(plan, [&](const std::string& input) {
    Collection::write(collection.metadata / "ground_truth.csv", input);
    check(catalogue::make_catalogue(collection.options));
  });
}

TEST(Fuzz, TablesOfFeatures) {
  const Plan plan{.name = "features.csv",
                  .seeds = {"id,tempo,mfcc_1\na,120.5,-3.25\nb,98,1e-3\n"},
                  .words = words(),
                  .count = 250};
  expect_no_failure(plan, [&](const std::string& input) {
    static_cast<void>(tables::FeatureTable::read(dataset::CsvReader::of_text(input, "features.csv")));
  });
}

}  // namespace
}  // namespace chorale::fuzz
