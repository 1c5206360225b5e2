// Configurations and tables.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "fuzz.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/dataset/csv.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::fuzz {
namespace {

using ::testing::IsEmpty;
using testing_support::TemporaryFolder;

std::vector<std::string> toml_words() {
  return {"[",
          "]",
          "[[",
          "\"\"\"",
          "'''",
          "=",
          "{ a = 1 }",
          "1e999",
          "-0x8",
          "nan",
          "2024-13-41",
          "\\u12",
          "\xff",
          ".",
          "#",
          "\n[train]\n",
          "\"\\\"",
          "= -1\n",
          std::string(3, '\0'),
          std::string(5000, '('),
          std::string(5000, '['),
          std::string(70000, 'a'),
          "\nextends = 'base.toml'\n",
          "\nextends = 'experiment.toml'\n",
          "99999999999999999999"};
}

TEST(Fuzz, Configurations) {
  const config::Experiment experiment;
  Plan plan{.name = "toml", .seeds = {config::resolved(experiment)}, .words = toml_words(), .count = 500};
  plan.seeds.push_back(
      "extends = 'base.toml'\n[train]\nlr = 1e-3\n[dataset]\ntasks = { genre = 'single' }\n");
  plan.seeds.push_back(
      "[dataset]\nkind = 'folder'\nroot = 'a'\ngroup = 'pattern'\ngroup_pattern = "
      "'/([a-z-]+_[A-G]s?\\d)_'\n");
  const TemporaryFolder folder;
  const auto base = folder.path() / "base.toml", file = folder.path() / "experiment.toml";
  std::ofstream(base) << config::resolved(experiment);
  const Findings findings = fuzz(plan, [&](const std::string& input) {
    std::filesystem::remove(file);  // ext4 flushes a file that is written over
    std::ofstream(file, std::ios::binary) << input;
    // Whatever was accepted can be written and read again.
    const std::string text = config::resolved(config::load(file, {}));
    if (config::resolved(config::parse(text, "resolved")) != text)
      throw std::logic_error("reads back differently");
  });
  EXPECT_THAT(findings.failures, IsEmpty());
  EXPECT_EQ(findings.accepted + findings.refused, plan.count);
  EXPECT_GT(findings.accepted, 0U);  // most changes hit a key's name
  EXPECT_GT(findings.refused, 100U);
}

std::vector<std::string> csv_words() {
  return {",",
          "\"",
          "\"\"",
          "\n",
          "\r\n",
          "\r",
          "\n\n",
          "\xef\xbb\xbf",
          "\xff\xfe",
          std::string(1, '\0'),
          "path",
          "id",
          "../../",
          "\",\"",
          std::string(70000, 'x'),
          std::string(5000, ','),
          "[1, 2",
          "1e999"};
}

TEST(Fuzz, Tables) {
  Plan plan{.name = "csv", .seeds = {}, .words = csv_words(), .count = 400};
  plan.seeds.push_back(
      "path,genre,artist,tempo,key,mood\r\na/b.wav,a,\"One, Two\",120.0,C:maj,happy\r\n"
      "b/c.wav,b,\"say \"\"no\"\"\",98.5,F#:min,sad\r\n");
  plan.seeds.push_back(
      "genre_id,#tracks,parent,title,top_level\n1,8693,38,Avant-Garde,38\n38,2,0,\"A\nB\",38\n");
  const Findings findings = fuzz(plan, [](const std::string& input) {
    const auto table = dataset::Csv::parse(input, "fuzz.csv");
    for (std::size_t row = 0; row < table.rows(); ++row) static_cast<void>(table.at(row, "path"));
  });
  EXPECT_THAT(findings.failures, IsEmpty());
  EXPECT_EQ(findings.accepted + findings.refused, plan.count);
  EXPECT_GT(findings.accepted, 10U);
  EXPECT_GT(findings.refused, 100U);
}

}  // namespace
}  // namespace chorale::fuzz
