// chorale-synth as a user starts it: alone, under mpirun, stopped half-way, on folders that hold something.
#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::synth {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing_support::built;
using testing_support::Finished;
using testing_support::run;
using testing_support::TemporaryFolder;

std::string mpiexec;

std::vector<std::string> command(const fs::path& folder, std::vector<std::string> more = {},
                                 const std::string& tracks = "3") {
  std::vector<std::string> words = {
      built("chorale-synth"), folder.string(), "--tracks-per-class", tracks, "--seconds", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> on_two_ranks(std::vector<std::string> words) {
  const std::vector<std::string> mpi = {mpiexec, "-n", "2", "--oversubscribe"};
  words.insert(words.begin(), mpi.begin(), mpi.end());
  return words;
}

std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[fs::relative(entry.path(), folder).string()] = runtime::read_file(entry.path());
  }
  return files;
}

TEST(SynthProgram, WritesTheSameBytesOnOneAndOnTwoRanks) {
  const TemporaryFolder work;
  const Finished alone = run(command(work.path() / "one", {"--faults"}));
  ASSERT_EQ(alone.exit_status, 0) << alone.err;
  EXPECT_THAT(alone.out, HasSubstr("30 tracks"));
  const Finished pair = run(on_two_ranks(command(work.path() / "two", {"--faults"})));
  ASSERT_EQ(pair.exit_status, 0) << pair.err;
  const auto files = files_of(work.path() / "one");
  // Tracks, faults, parameters, truth, lock.
  EXPECT_EQ(files.size(), 30U + 5 + 3);
  EXPECT_EQ(files, files_of(work.path() / "two"));
}

TEST(SynthProgram, PlantsTheFaultsItNames) {
  const TemporaryFolder work;
  const Finished finished = run(command(work.path(), {"--faults"}));
  ASSERT_EQ(finished.exit_status, 0) << finished.err;
  auto files = files_of(work.path() / "genres" / "bossa");
  const std::string& whole = files.at("bossa.00000.wav");
  EXPECT_EQ(files.at("bossa.90000.wav"), "");
  EXPECT_EQ(files.at("bossa.90001.wav"), whole.substr(0, whole.size() / 2));
  EXPECT_EQ(files.at("bossa.90002.wav"), whole.substr(0, 20));
  EXPECT_EQ(files.at("bossa.90003.wav").size(), 65536U);
  EXPECT_EQ(files.at("._bossa.00000.wav").substr(0, 4), std::string("\0\5\x16\7", 4));
  const std::string truth = runtime::read_file(work.path() / "ground_truth.csv");
  EXPECT_EQ(truth.find(".9000"), std::string::npos);
}

TEST(SynthProgram, WritesFmaTheSameOnOneAndOnTwoRanks) {
  const TemporaryFolder work;
  const std::vector<std::string> options = {"--layout", "fma", "--faults"};
  const Finished alone = run(command(work.path() / "one", options));
  ASSERT_EQ(alone.exit_status, 0) << alone.err;
  const Finished pair = run(on_two_ranks(command(work.path() / "two", options)));
  ASSERT_EQ(pair.exit_status, 0) << pair.err;
  auto files = files_of(work.path() / "one");
  EXPECT_EQ(files, files_of(work.path() / "two"));
  EXPECT_TRUE(files.contains("fma_metadata/tracks.csv"));
  EXPECT_TRUE(files.contains("fma_metadata/genres.csv"));
  std::map<std::string, std::size_t> clips;
  for (const auto& [name, bytes] : files) {
    const auto folder = name.substr(0, name.find('/'));
    ++clips[folder];
    if (folder.starts_with("fma_") && folder != "fma_metadata") {
      EXPECT_EQ(bytes, files.at("fma_large" + name.substr(folder.size())));
    }
  }
  EXPECT_EQ(clips["fma_large"], 30U + 9);
  EXPECT_LE(clips["fma_small"], clips["fma_medium"]);
  EXPECT_LT(clips["fma_medium"], clips["fma_large"]);
}

// tracks.csv with its columns named as "artist.id".
dataset::Csv fma_tracks(const fs::path& folder) {
  std::istringstream table(runtime::read_file(folder / "fma_metadata/tracks.csv"));
  std::string groups, fields, index, group, field, names = "track_id";
  std::getline(table, groups);
  std::getline(table, fields);
  std::getline(table, index);
  std::istringstream each_group(groups.substr(1)), each_field(fields.substr(1));
  while (std::getline(each_group, group, ',') && std::getline(each_field, field, ',')) {
    names += "," + group + "." + field;
  }
  const std::string rows(std::istreambuf_iterator<char>(table), {});
  return dataset::Csv::parse(names + "\n" + rows, "tracks.csv");
}

TEST(SynthProgram, KeepsTheArtistsOfFmaInOnePart) {
  const TemporaryFolder work;
  const Finished finished = run(command(work.path(), {"--layout", "fma", "--artists-per-class", "4"}, "9"));
  ASSERT_EQ(finished.exit_status, 0) << finished.err;
  const auto tracks = fma_tracks(work.path());
  ASSERT_EQ(tracks.rows(), 90U);
  std::map<std::string, std::set<std::string>> splits_of;
  std::map<std::string, std::size_t> parts;
  for (std::size_t row = 0; row < tracks.rows(); ++row) {
    splits_of[tracks.at(row, "artist.id")].insert(tracks.at(row, "set.split"));
    ++parts[tracks.at(row, "set.split")];
  }
  EXPECT_EQ(splits_of.size(), 40U);
  for (const auto& [artist, splits] : splits_of) EXPECT_EQ(splits.size(), 1U) << artist;
  // Of four artists who take turns over nine tracks the last two have two each.
  EXPECT_EQ(parts, (std::map<std::string, std::size_t>{{"training", 50}, {"validation", 20}, {"test", 20}}));
}

TEST(SynthProgram, PlantsTheFaultsOfFma) {
  const TemporaryFolder work;
  ASSERT_EQ(run(command(work.path(), {"--layout", "fma", "--faults"})).exit_status, 0);
  const auto files = files_of(work.path() / "fma_small");
  const std::string& whole = files.at("000/000001.mp3");
  EXPECT_LT(files.at("999/999984.mp3").size(), whole.size());
  EXPECT_EQ(files.at("999/999986.mp3"), "");
  EXPECT_EQ(files.at("999/999987.mp3"), whole.substr(0, whole.size() / 2));
  EXPECT_EQ(files.at("999/999988.mp3").size(), 65536U);
  EXPECT_EQ(files.at("999/999989.mp3"), whole);
  EXPECT_EQ(files.at("999/999990.mp3"), whole);
  EXPECT_FALSE(files.contains("999/999991.mp3"));
  EXPECT_EQ(files.at("999/999993.mp3"), whole);
  const std::string tracks = runtime::read_file(work.path() / "fma_metadata/tracks.csv");
  EXPECT_THAT(tracks, HasSubstr("\n999991,"));
  EXPECT_THAT(tracks, HasSubstr(", 9999]"));
  EXPECT_EQ(tracks.find("\n999993,"), std::string::npos);
  EXPECT_EQ(runtime::read_file(work.path() / "fma_metadata/genres.csv").find("9999,"), std::string::npos);
  EXPECT_EQ(runtime::read_file(work.path() / "ground_truth.csv").find("/9999"), std::string::npos);
}

TEST(SynthProgram, CompletesACollectionThatLostFiles) {
  const TemporaryFolder work;
  ASSERT_EQ(run(command(work.path())).exit_status, 0);
  const auto before = files_of(work.path());
  fs::remove(work.path() / "genres/waltz/waltz.00001.wav");
  fs::remove(work.path() / "ground_truth.csv");
  const Finished again = run(command(work.path()));
  EXPECT_EQ(again.exit_status, 0) << again.err;
  EXPECT_EQ(files_of(work.path()), before);
}

TEST(SynthProgram, StoppedByASignalEndsWith75AndLosesNothing) {
  const TemporaryFolder work;
  const fs::path stopped = work.path() / "stopped", whole = work.path() / "whole";
  const auto much = [](const fs::path& folder) { return command(folder, {}, "20"); };
  ASSERT_EQ(run(much(whole)).exit_status, 0);
  const std::string first = stopped / "genres/bossa/bossa.00000.wav";
  std::vector<std::string> script = {
      "sh", "-c", "file=$1; shift; \"$@\" & until [ -e \"$file\" ]; do :; done; kill -TERM $!; wait $!", "sh",
      first};
  const auto words = much(stopped);
  script.insert(script.end(), words.begin(), words.end());
  const Finished finished = run(script);
  EXPECT_EQ(finished.exit_status, 75) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("The same command writes the rest"));
  EXPECT_FALSE(fs::exists(stopped / "ground_truth.csv"));
  for (const auto& [name, bytes] : files_of(stopped)) EXPECT_THAT(name, ::testing::Not(EndsWith(".partial")));
  EXPECT_EQ(run(much(stopped)).exit_status, 0);
  EXPECT_EQ(files_of(stopped), files_of(whole));
}

TEST(SynthProgram, RefusesAFolderThatHoldsSomethingElse) {
  const TemporaryFolder work;
  runtime::write_file(work.path() / "thesis.tex", "...");
  const Finished finished = run(command(work.path()));
  EXPECT_EQ(finished.exit_status, 2);
  EXPECT_THAT(finished.err, HasSubstr("holds other files"));
  EXPECT_EQ(files_of(work.path()).size(), 1U);
}

TEST(SynthProgram, RefusesACollectionOfOtherParametersAndNamesThem) {
  const TemporaryFolder work;
  ASSERT_EQ(run(command(work.path())).exit_status, 0);
  const Finished finished = run(command(work.path(), {"--seed", "5"}));
  EXPECT_EQ(finished.exit_status, 2);
  EXPECT_THAT(finished.err, HasSubstr("seed: 0 there, 5 here"));
}

TEST(SynthProgram, RefusesWrongUsageAndHelpsWithAnExample) {
  const TemporaryFolder work;
  for (const auto& [option, value] : std::map<std::string, std::string>{
           {"--seconds", "0"}, {"--layout", "cassette"}, {"--seed", "-1"}, {"--artists-per-class", "0"}}) {
    const Finished refused = run({built("chorale-synth"), work.path().string(), option, value});
    EXPECT_EQ(refused.exit_status, 2) << option;
    EXPECT_THAT(refused.err, HasSubstr(option));
  }
  EXPECT_EQ(run({built("chorale-synth")}).exit_status, 2);
  EXPECT_TRUE(fs::is_empty(work.path()));
  const Finished help = run({built("chorale-synth"), "--help"});
  EXPECT_EQ(help.exit_status, 0);
  EXPECT_THAT(help.out, HasSubstr("Example"));
}

}  // namespace
}  // namespace chorale::synth

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc != 2) return 2;  // mpiexec
  chorale::synth::mpiexec = argv[1];
  return RUN_ALL_TESTS();
}
