// The whole program over a folder of mutated audio files: each file is a track or a row of the quarantine.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "audio_seeds.hpp"
#include "fuzz.hpp"
#include "pipeline/store/store.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::fuzz {
namespace {

namespace fs = std::filesystem;
using testing_support::TemporaryFolder;

TEST(Fuzz, IngestCountsEveryFile) {
  constexpr std::size_t kFiles = 120;
  const TemporaryFolder folder;
  std::set<std::string> written;
  const std::vector<AudioKind> kinds = audio_kinds();
  for (std::size_t i = 0; i < kFiles; ++i) {
    const AudioKind& kind = kinds[i % kinds.size()];
    const Plan plan{.name = "ingest", .seeds = {make_audio(kind)}, .words = {}, .count = kFiles};
    const std::string path = "class" + std::to_string(i % 3) + "/" + std::to_string(i) + "." + kind.extension;
    fs::create_directories((folder.path() / "audio" / path).parent_path());
    std::ofstream(folder.path() / "audio" / path, std::ios::binary)
        << (i % 4 == 0 ? plan.seeds.front() : input_of(plan, i));
    written.insert(path);
  }
  const std::string config = folder.path() / "experiment.toml";
  std::ofstream(config) << "[dataset]\nkind = 'folder'\nroot = '" << (folder.path() / "audio").string()
                        << "'\n[store]\npath = '" << (folder.path() / "store").string()
                        << "'\ntracks_per_shard = 16\n";
  // libsndfile 1.2.0 does not give back what it allocated for an Ogg file that it refuses: 6 kB each.
  const std::string suppressions = folder.path() / "lsan.supp";
  std::ofstream(suppressions) << "leak:vorbis_info_init\n";
  ::setenv("LSAN_OPTIONS", ("suppressions=" + suppressions).c_str(), 1);
  const auto finished = testing_support::run({testing_support::built("chorale-ingest"), config});
  ASSERT_EQ(finished.exit_status, 0) << finished.err;

  const auto store = store::Store::open(folder.path() / "store");
  std::set<std::string> found;
  for (const auto& stored : store.tracks()) {
    EXPECT_TRUE(found.insert(stored.track.path).second) << stored.track.path;
    EXPECT_GT(stored.frame_count, 0U) << stored.track.path;
  }
  EXPECT_GE(found.size(), kFiles / 4);
  EXPECT_FALSE(store.quarantine().empty());
  for (const auto& row : store.quarantine()) {
    EXPECT_TRUE(found.insert(row.path).second) << row.path;
    EXPECT_NE(row.stage, "") << row.path;
    EXPECT_NE(row.reason, "") << row.path;
  }
  EXPECT_EQ(found, written);
}

}  // namespace
}  // namespace chorale::fuzz
