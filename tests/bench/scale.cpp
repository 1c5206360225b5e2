// How long catalogue and index of very many tracks take, and how much memory: docs/scaling.md.
//
//   scale prepare DIR TRACKS    writes a manifest, FMA-like tables and a store of vectors, of so many tracks
//   each scale manifest|fma|index|open|folder DIR TRACKS    measures one thing, in a process of its own
//
// The tree of the first two is a list in memory: what a folder's listing costs is measured by itself.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "ingest/catalogue/catalogue.hpp"
#include "ingest/plan.hpp"
#include "pipeline/store/shard_writer.hpp"

using namespace chorale;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kTracksPerShard = 1000;

class ListedTree : public tree::Tree {
 public:
  ListedTree(std::size_t tracks, const std::function<std::string(std::size_t)>& path_of) {
    for (std::size_t i = 0; i < tracks; ++i) listing_.files.push_back({path_of(i), 480000});
  }
  tree::Listing list() const override { return listing_; }
  std::unique_ptr<tree::ByteStream> open(const tree::Entry& file) const override {
    throw tree::Unreadable(file.path + ": not a real file");
  }

 private:
  tree::Listing listing_;
};

std::string song_path(std::size_t i) { return fmt::format("audio/{:04}/{:08}.mp3", i / 1000, i); }
std::string clip_path(std::size_t i) {
  const std::string id = fmt::format("{:06}", i);
  return fmt::format("{}/{}.mp3", id.substr(0, 3), id);
}

// Of this process; on a busy machine the figure to go by.
double cpu_seconds() {
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

double peak_mib() {
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

template <class Work>
auto timed(const std::string& what, const Work& work) {
  const double before = peak_mib(), cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  auto result = work();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%-36s %6.2f s, %6.2f s of CPU; peak %5.0f MiB, %.0f MiB before\n", what.c_str(), seconds,
              cpu_seconds() - cpu, peak_mib(), before);
  return result;
}

void write_manifest(const fs::path& file, std::size_t tracks) {
  std::ofstream out(file);
  out << "id,path,genre,moods,tempo,key,split,artist,title\n";
  for (std::size_t i = 0; i < tracks; ++i) {
    out << fmt::format("{:08},{},genre {},mood {}|mood {},{}.5,{}:{},{},artist {},\"Song, no. {}\"\n", i,
                       song_path(i), i % 16, i % 5, 5 + i % 7, 60 + i % 120, "CDEFGAB"[i % 7],
                       i % 2 == 0 ? "maj" : "min", i % 10 == 0 ? "test" : "training", i / 9, i);
  }
}

// Of FMA's 52 columns those that are read, and 2 kB of the text that makes up the rest, as in tracks.csv.
void write_fma(const fs::path& folder, std::size_t tracks) {
  fs::create_directories(folder);
  std::ofstream genres(folder / "genres.csv");
  genres << "genre_id,#tracks,parent,title,top_level\n";
  for (int i = 1; i <= 163; ++i)
    genres << fmt::format("{},1,{},Genre {},{}\n", i, i <= 16 ? 0 : 1 + i % 16, i, i <= 16 ? i : 1 + i % 16);
  std::ofstream out(folder / "tracks.csv");
  std::string groups, fields, index = "track_id";
  const std::map<int, std::pair<const char*, const char*>> kRead = {
      {5, {"artist", "id"}},        {30, {"set", "split"}},    {31, {"set", "subset"}},
      {39, {"track", "genre_top"}}, {40, {"track", "genres"}}, {41, {"track", "genres_all"}}};
  for (int column = 0; column < 52; ++column) {
    const auto known = kRead.find(column);
    groups += fmt::format(",{}", known == kRead.end() ? "other" : known->second.first);
    fields +=
        known == kRead.end() ? fmt::format(",field_{}", column) : fmt::format(",{}", known->second.second);
    index += ',';
  }
  out << groups << '\n' << fields << '\n' << index << '\n';
  std::string text = "\"";
  while (text.size() < 900) text += "<p>They play \"\"loud\"\", they say,\nand often.</p> ";
  text += '"';
  for (std::size_t i = 0; i < tracks; ++i) {
    const std::size_t genre = 17 + i % 147;
    std::string row = std::to_string(i);
    for (int column = 0; column < 52; ++column) {
      row += ',';
      if (column == 5) row += std::to_string(i / 9);
      if (column == 6 || column == 12) row += text;
      if (column == 30) row += i % 10 == 0 ? "test" : "training";
      if (column == 31) row += i % 4 == 0 ? "medium" : "large";
      if (column == 39 && i % 2 == 0) row += fmt::format("Genre {}", 1 + genre % 16);
      if (column == 40) row += fmt::format("[{}]", genre);
      if (column == 41) row += fmt::format("\"[{}, {}]\"", genre, 1 + genre % 16);
      if (column % 5 == 3) row += "2008-11-26 01:44:45";
    }
    out << row << '\n';
  }
}

store::StoreHeader store_header() {
  return {.config_text = "",
          .config_hash = "0123456789abcdef",
          .program_version = "0",
          .tasks = {{"genre", config::TaskKind::kSingle, {"a", "b", "c"}},
                    {"moods", config::TaskKind::kMulti, {"x", "y", "z"}}},
          .features = {{.name = "table", .kind = store::FeatureKind::kTrack, .width = 1}}};
}

void write_shards(const fs::path& folder, std::size_t tracks) {
  fs::create_directories(folder);
  for (std::size_t first = 0; first < tracks; first += kTracksPerShard) {
    store::ShardWriter writer(store_header(), first / kTracksPerShard, "catalogue");
    for (std::size_t i = first; i < std::min(tracks, first + kTracksPerShard); ++i) {
      store::StoredTrack row;
      row.track = {.id = fmt::format("{:08}", i),
                   .path = song_path(i),
                   .group = fmt::format("artist {}", i / 9),
                   .split = "training",
                   .labels = {dataset::Label::of_class(static_cast<std::int32_t>(i % 3)),
                              dataset::Label::of_classes({0, 2})}};
      row.duration = 30;
      row.source_rate = 44100;
      row.channels = 2;
      row.source_hash = i + 1;
      const float value = 1;
      const std::span<const float> values(&value, 1);
      writer.add(std::move(row), {&values, 1});
    }
    writer.write(folder);
  }
}

void measure_catalogue(config::Dataset options, const ListedTree& tree) {
  const auto catalogue = timed("catalogue", [&] { return catalogue::make_catalogue(options, tree); });
  const auto plan = timed("plan: parts of the shards", [&] { return ingest::make_plan(catalogue, 64); });
  std::printf("%zu tracks, %zu refused, %zu shards\n", catalogue.entries.size(), catalogue.refused.size(),
              plan.plan.shards.size());
}

void measure_manifest(const fs::path& dir, std::size_t tracks) {
  config::Dataset options;
  options.kind = config::DatasetKind::kManifest;
  options.root = "tree";
  options.metadata = (dir / "manifest.csv").string();
  options.group = config::GroupKind::kArtist;
  options.tasks = {{"genre", config::TaskKind::kSingle},
                   {"moods", config::TaskKind::kMulti},
                   {"tempo", config::TaskKind::kRegression},
                   {"key", config::TaskKind::kKey}};
  measure_catalogue(options, ListedTree(tracks, song_path));
}

void measure_fma(const fs::path& dir, std::size_t tracks) {
  config::Dataset options;
  options.kind = config::DatasetKind::kFma;
  options.root = "tree";
  options.metadata = (dir / "fma_metadata").string();
  options.subset = "large";
  options.group = config::GroupKind::kArtist;
  options.tasks = {{"genre_top", config::TaskKind::kSingle}, {"genres_all", config::TaskKind::kMulti}};
  measure_catalogue(options, ListedTree(tracks, clip_path));
}

void measure_folder(const fs::path& dir, std::size_t files) {
  for (std::size_t i = 0; i < files; ++i) {
    const fs::path path = dir / "folder" / song_path(i);
    if (i % 1000 == 0) fs::create_directories(path.parent_path());
    std::ofstream(path).put('x');
  }
  const auto tree = tree::Tree::open_root(dir / "folder", UINT64_MAX);
  timed(fmt::format("listing a folder of {} files", files), [&] { return tree->list(); });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4)
    return std::fprintf(stderr, "usage: scale prepare|manifest|fma|index|open|folder DIR TRACKS\n"), 2;
  const std::string what = argv[1];
  const fs::path dir = argv[2];
  const std::size_t tracks = std::stoul(argv[3]);
  if (what == "prepare") {
    fs::create_directories(dir);
    write_manifest(dir / "manifest.csv", tracks);
    write_fma(dir / "fma_metadata", tracks);
    write_shards(dir / "store", tracks);
  }
  if (what == "manifest") measure_manifest(dir, tracks);
  if (what == "fma") measure_fma(dir, tracks);
  if (what == "index") {
    timed("index written", [&] {
      return store::write_index(dir / "store", store_header(),
                                (tracks + kTracksPerShard - 1) / kTracksPerShard),
             0;
    });
  }
  if (what == "open") timed("index opened", [&] { return store::Store::open(dir / "store"); });
  if (what == "folder") measure_folder(dir, tracks);
  return 0;
}
