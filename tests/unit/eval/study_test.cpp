// Reports over the folder of a study.
#include "eval/report/study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/report/report.hpp"
#include "support/temporary_folder.hpp"
#include "unit/eval/report_runs.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using runtime::read_file;
using testing::ElementsAre;
using testing::HasSubstr;

class Study : public testing::Test {
 protected:
  fs::path cell(const std::string& name, double lr) const {
    return make_run(study() / "runs" / name, 1, 6, lr);
  }
  void state(const std::string& name, const std::string& text) const {
    fs::create_directories(study() / "cells");
    runtime::write_file(study() / "cells" / (name + ".json"), text);
  }
  fs::path study() const { return folder_.path() / "my study"; }
  const testing_support::TemporaryFolder folder_;
};

TEST_F(Study, HasItsEvaluatedRunsInTheOrderOfTheirNames) {
  const auto b = cell("b", 1e-4), a = cell("a", 1e-3), begun = cell("begun", 1e-2);
  fs::remove(begun / "metrics.json");
  fs::create_directories(study() / "runs/failed");
  state("a", R"({"cell": "a", "state": "done"})");
  state("failed", R"({"cell": "failed", "state": "failed", "error": "no such model"})");
  const auto alone = make_run(folder_.path() / "alone", 1, 6, 1e-5);
  const FoundRuns found = find_runs({study(), alone});
  EXPECT_THAT(found.runs, ElementsAre(a, b, alone));
  EXPECT_THAT(found.left_out, ElementsAre(HasSubstr("begun: not evaluated yet; run: chorale eval")));
  ASSERT_EQ(found.failed.size(), 1u);
  EXPECT_EQ(found.failed[0].name, "failed");
  EXPECT_EQ(found.failed[0].error, "no such model");
}

// Experiments have the names and the order of the sweep, so the first is what others are compared with.
TEST_F(Study, WithAnIndexGoesByIt) {
  const auto all = cell("all_seed-0", 1e-2), none = cell("none_seed-0", 1e-3), more = cell("more", 1e-4);
  fs::create_directories(study() / "cells");
  runtime::write_file(study() / "cells/index.csv",
                      "cell,experiment\nnone_seed-0,none\nnot_yet_seed-0,not_yet\nall_seed-0,all\n");
  const FoundRuns found = find_runs({study()});
  EXPECT_THAT(found.runs, ElementsAre(none, all, more));
  const auto runs = read_runs(found.runs);
  const auto groups = group_runs(runs);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].label, "none");
  EXPECT_EQ(groups[1].label, "all");
  EXPECT_EQ(groups[2].label, "cnn on songs");
}

TEST_F(Study, ItsReportNamesWhatIsMissing) {
  cell("a", 1e-3);
  fs::remove(cell("begun", 1e-2) / "metrics.json");
  state("bad", R"({"cell": "bad", "state": "failed", "error": "diverged <inf>\nin epoch 2"})");
  const fs::path out = folder_.path() / "report";
  const auto tables = write_report(std::vector<fs::path>{study()}, out);
  EXPECT_EQ(tables.front().name, "failed");
  EXPECT_EQ(read_file(out / "tables/failed.csv"), "cell,error\nbad,\"diverged <inf>\nin epoch 2\"\n");
  const std::string page = read_file(out / "report.html");
  EXPECT_THAT(page, HasSubstr("diverged &lt;inf&gt; in epoch 2"));
  EXPECT_THAT(page, HasSubstr("Left out, since not evaluated: 1 run."));
  EXPECT_THAT(read_file(out / "commands.sh"),
              HasSubstr("chorale report '" + study().string() + "' -o " + out.string() + "\n"));
}

TEST_F(Study, WithoutEvaluatedRunsIsRefused) {
  fs::remove(cell("begun", 1e-2) / "metrics.json");
  state("bad", R"({"cell": "bad", "state": "failed", "error": "no memory"})");
  EXPECT_THAT([&] { find_runs({study()}); },
              testing::ThrowsMessage<runtime::UsageError>(testing::AllOf(
                  HasSubstr("a study without any evaluated run"), HasSubstr("begun: not evaluated yet"),
                  HasSubstr("bad: failed: no memory"))));
}

TEST_F(Study, ADamagedFileOfACellIsRefusedWithItsName) {
  cell("a", 1e-3);
  for (const char* text : {"{", R"({"state": "failed"})", R"({"cell": "a"})", "[]"}) {
    state("a", text);
    EXPECT_THAT([&] { find_runs({study()}); }, testing::ThrowsMessage<runtime::UsageError>(
                                                   HasSubstr("a.json: not the file of a study's cell")))
        << text;
  }
}

}  // namespace
}  // namespace chorale::eval
