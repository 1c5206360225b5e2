// A stage sees pipeline and itself; a file that includes another stage does not compile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "support/process.hpp"

namespace chorale::testing_support {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kAbovePipeline = {"ingest", "train", "eval", "sweep"};
const std::vector<std::string> kFolders = {"pipeline", "ingest", "train", "eval"};

std::filesystem::path source_root() { return std::getenv("CHORALE_SOURCE"); }

// The options -I... and -isystem ... that the build compiles any file of the folder with.
std::vector<std::string> include_options(const std::string& folder) {
  std::set<std::string> options;
  for (const auto& entry : nlohmann::json::parse(content_of(CHORALE_COMPILE_COMMANDS))) {
    const auto file = std::filesystem::path(entry.at("file")).lexically_relative(source_root());
    if (*file.begin() != folder) continue;
    std::istringstream words(entry.at("command").get<std::string>());
    for (std::string word, path; words >> word;) {
      if (word.starts_with("-I")) options.insert(word);
      if (word == "-isystem" && words >> path) options.insert("-isystem" + path);
    }
  }
  return {options.begin(), options.end()};
}

// Some header of the folder, as it is included.
std::string header_of(const std::string& folder) {
  const std::filesystem::path root = source_root();
  std::vector<std::string> headers;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
    if (entry.path().extension() == ".hpp") headers.push_back(entry.path().lexically_relative(root).string());
  }
  if (headers.empty()) throw std::runtime_error("no header in " + folder);
  return *std::min_element(headers.begin(), headers.end());
}

// Compiles `source` as a file of `folder`.
Finished compile(const std::string& source, const std::string& folder) {
  const TemporaryFolder scratch;
  const auto file = scratch.path() / "tiny.cpp";
  std::ofstream(file) << source;
  std::vector<std::string> command = {CHORALE_CXX, "-std=c++20", "-fsyntax-only", file.string()};
  for (const std::string& option : include_options(folder)) command.push_back(option);
  return run(command);
}

TEST(Arrows, AStageSeesPipelineAndItself) {
  for (const std::string& folder : kFolders) {
    const Finished pipeline = compile("#include \"pipeline/runtime/error.hpp\"\n", folder);
    EXPECT_EQ(pipeline.exit_status, 0) << folder << ": " << pipeline.err;
    const Finished own =
        compile("#if !__has_include(\"" + header_of(folder) + "\")\n#error not visible\n#endif\n", folder);
    EXPECT_EQ(own.exit_status, 0) << folder << ": " << own.err;
  }
}

TEST(Arrows, NothingSeesAnotherStage) {
  for (const std::string& from : kFolders) {
    for (const std::string& to : kAbovePipeline) {
      if (from == to) continue;
      const std::string header = header_of(to);
      const Finished refused = compile("#include \"" + header + "\"\n", from);
      EXPECT_NE(refused.exit_status, 0) << from << " can include " << header;
      EXPECT_THAT(refused.err, HasSubstr("fatal error: " + header + ": No such file")) << from;
    }
  }
}

}  // namespace
}  // namespace chorale::testing_support
