#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/inspect/describe.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/store/hdf5.hpp"
#include "support/temporary_folder.hpp"
#include "unit/store/sample_store.hpp"

namespace chorale::inspect {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using testing::AllOf;
using testing::HasSubstr;
using testing_support::TemporaryFolder;

TEST(DescribeStore, CountsTracksGroupsAndQuarantine) {
  const TemporaryFolder folder;
  store::write_sample_store(folder.path(), 3);
  const Json found = describe(folder.path(), Checksums::kVerify);
  EXPECT_EQ(found["kind"], "store");
  EXPECT_EQ(found["complete"], true);
  EXPECT_EQ(found["tracks"], 6);
  EXPECT_EQ(found["groups"], 2);
  EXPECT_EQ(found["quarantined"], 3);
  EXPECT_EQ(found["damages"], Json::array());
  EXPECT_EQ(found["features"], Json::array({"mel: 4 bins a frame in dB, half"}));
  // Tracks 0 .. 5 have the classes 0 1 2 0 1 2, a group where even, and last 0.5 .. 5.5 s.
  const Json blues = {{"name", "blues"}, {"tracks", 2}, {"groups", 2}, {"hours", 0.001}};
  EXPECT_EQ(found["classes"]["genre"][0], blues);
  EXPECT_EQ(found["classes"]["genre"].size(), 3U);
  EXPECT_FALSE(found["classes"].contains("tempo"));
  const Json durations = {{{"seconds", "0 to 1"}, {"tracks", 1}, {"percent", 16.7}},
                          {{"seconds", "1 to 3"}, {"tracks", 2}, {"percent", 33.3}},
                          {{"seconds", "3 to 5"}, {"tracks", 2}, {"percent", 33.3}},
                          {{"seconds", "5 to 10"}, {"tracks", 1}, {"percent", 16.7}}};
  ASSERT_EQ(found["durations"].size(), durations.size());
  for (std::size_t i = 0; i < durations.size(); ++i) {
    EXPECT_EQ(found["durations"][i]["seconds"], durations[i]["seconds"]);
    EXPECT_EQ(found["durations"][i]["tracks"], durations[i]["tracks"]);
    EXPECT_NEAR(found["durations"][i]["percent"].get<double>(), durations[i]["percent"].get<double>(), 1e-9);
  }
  EXPECT_EQ(found["quarantine"][0]["reason"], "not audio");
  EXPECT_EQ(found["shards"][2]["name"], "shard-00002.h5");
  EXPECT_EQ(found["shards"][2]["bytes"], fs::file_size(folder.path() / "shard-00002.h5"));
}

TEST(DescribeStore, AnIncompleteStoreSaysHowFarItIsAndWhatToDo) {
  const TemporaryFolder folder;
  store::write_sample_shard(folder.path(), 0);
  store::write_sample_shard(folder.path(), 2);
  const Json found = describe(folder.path(), Checksums::kVerify);
  EXPECT_EQ(found["complete"], false);
  EXPECT_EQ(found["finished_shards"], 2);
  EXPECT_EQ(found["damages"], Json::array());
  EXPECT_THAT(found["next"].get<std::string>(), HasSubstr("run chorale ingest again"));
  EXPECT_EQ(found["config"], store::sample_header().config_text);
}

checkpoint::State sample_state() {
  checkpoint::State state;
  state.model = "cnn";
  state.epoch = 3;
  state.global_step = 30;
  state.best_epoch = 3;
  state.best_value = 0.75;
  state.config = "[model]\nname = \"cnn\"\n";
  state.store_hash = "0123456789abcdef";
  state.tasks = store::sample_header().tasks;
  state.bins = 128;
  state.frames = 129;
  return state;
}

void write_sample_run(const fs::path& path) {
  const checkpoint::RunFolder run(path);
  const std::array<float, 6> weights = {};
  const std::map<std::string, checkpoint::TensorView> tensors = {
      {"conv.weight", {"F32", {2, 3}, weights.data(), sizeof weights}},
      {"fc.bias", {"F32", {6}, weights.data(), sizeof weights}}};
  fs::create_directories(run.checkpoints());
  write_checkpoint(run, checkpoint::CheckpointKind::kBest, sample_state(), tensors, {});
  write_checkpoint(run, checkpoint::CheckpointKind::kEpoch, sample_state(), tensors, {});
  std::string history = "epoch,train_loss,validation_accuracy\n";
  for (int epoch = 1; epoch <= 7; ++epoch) history += std::to_string(epoch) + ",0.5,0.25\n";
  runtime::write_file(run.history(), history);
  runtime::write_file(run.config(), sample_state().config);
}

TEST(DescribeRun, ShowsStateHistoryTailAndMetrics) {
  const TemporaryFolder folder;
  write_sample_run(folder.path());
  EXPECT_FALSE(describe(folder.path(), Checksums::kTrust).contains("metrics"));
  runtime::write_file(folder.path() / "metrics.json",
                      R"({"song": {"accuracy": 0.8}, "n_songs": 40, "confusion": [[1, 0], [0, 1]]})");
  const Json found = describe(folder.path(), Checksums::kTrust);
  EXPECT_EQ(found["kind"], "run");
  EXPECT_EQ(found["model"], "cnn");
  EXPECT_EQ(found["epochs_completed"], 3);
  EXPECT_EQ(found["best_checkpoint"], "best-0003");
  EXPECT_EQ(found["best_value"], 0.75);
  EXPECT_EQ(found["classes"]["genre"].size(), 3U);
  ASSERT_EQ(found["history"].size(), 5U);
  EXPECT_EQ(found["history"][0]["epoch"], "3");
  EXPECT_EQ(found["history"][4]["validation_accuracy"], "0.25");
  EXPECT_EQ(found["metrics"], Json({{"n_songs", 40}, {"song.accuracy", 0.8}}));
  EXPECT_EQ(found["config"], sample_state().config);
}

TEST(DescribeRun, ShowsTheLayersOfItsModel) {
  const TemporaryFolder folder;
  write_sample_run(folder.path());
  runtime::write_file(
      folder.path() / "layers.json",
      R"({"parameters": 320, "multiply_adds": 288, "layers": [{"name": "conv", "kind": "conv2d",
                          "output": [32, 4, 5], "parameters": 320, "multiply_adds": 288}]})");
  const Json found = describe(folder.path(), Checksums::kTrust);
  EXPECT_EQ(found["parameters"], 320);
  EXPECT_EQ(found["layers"], Json::array({{{"name", "conv"},
                                           {"kind", "conv2d"},
                                           {"output", "32 x 4 x 5"},
                                           {"parameters", 320},
                                           {"multiply_adds", 288}}}));
  runtime::write_file(folder.path() / "layers.json", "[]");
  EXPECT_THROW(describe(folder.path(), Checksums::kTrust), runtime::Error);
}

TEST(DescribeRun, ARunWithoutCheckpointSaysSo) {
  const TemporaryFolder folder;
  runtime::write_file(folder.path() / "config.toml", "");
  EXPECT_THAT(describe(folder.path(), Checksums::kTrust)["next"].get<std::string>(),
              HasSubstr("chorale train"));
}

TEST(DescribeCheckpoint, ListsTensorsWithShapesAndTheirNumbers) {
  const TemporaryFolder folder;
  write_sample_run(folder.path());
  const Json found = describe(folder.path() / "checkpoints" / "epoch-0003", Checksums::kTrust);
  EXPECT_EQ(found["kind"], "checkpoint");
  EXPECT_EQ(found["numbers"], 12);
  EXPECT_EQ(found["tensors"][0],
            Json({{"name", "conv.weight"}, {"type", "F32"}, {"shape", "2 x 3"}, {"numbers", 6}}));
  const auto file = folder.path() / "checkpoints" / "epoch-0003" / "model.safetensors";
  EXPECT_EQ(describe(file, Checksums::kTrust)["tensors"], found["tensors"]);
}

// The program itself: exit status and output.
struct ProgramRun {
  int status = 0;
  std::string output;  // stdout and stderr
};

ProgramRun run_inspect(const std::string& arguments) {
  const char* bin = std::getenv("CHORALE_BIN");
  if (bin == nullptr) throw std::runtime_error("CHORALE_BIN is not set; run through ctest");
  FILE* pipe = ::popen((std::string(bin) + "/chorale-inspect " + arguments + " 2>&1").c_str(), "r");
  ProgramRun run;
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    run.output.append(buffer.data(), got);
  run.status = WEXITSTATUS(::pclose(pipe));
  return run;
}

TEST(InspectProgram, ExitStatusTellsSoundFromDamagedFromForeign) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_inspect(folder.path()).status, 2);
  EXPECT_EQ(run_inspect(folder.path() / "none").status, 2);
  store::write_sample_store(folder.path(), 2);
  EXPECT_EQ(run_inspect(folder.path().string() + " --verify").status, 0);
  EXPECT_EQ(Json::parse(run_inspect(folder.path().string() + " --json").output)["tracks"], 4);

  const fs::path shard = folder.path() / "shard-00001.h5";
  std::string content = runtime::read_file(shard);
  const auto mel = store::Hdf5File::open(shard).place_of("/mel");
  content.at(mel.offset) = static_cast<char>(content.at(mel.offset) ^ 1);
  runtime::write_file(shard, content);
  EXPECT_EQ(run_inspect(folder.path()).status, 0);
  const ProgramRun damaged = run_inspect(folder.path().string() + " --verify");
  EXPECT_EQ(damaged.status, 1);
  EXPECT_THAT(damaged.output, HasSubstr("shard-00001.h5: /mel: damaged"));

  fs::resize_file(shard, 100);
  const ProgramRun truncated = run_inspect(folder.path());
  EXPECT_EQ(truncated.status, 1);
  EXPECT_THAT(truncated.output, AllOf(HasSubstr("chorale-inspect: error"), HasSubstr("shard-00001.h5")));
}

}  // namespace
}  // namespace chorale::inspect
