#include "eval/report/making_of.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pipeline/runtime/shell.hpp"

namespace chorale::eval {
namespace {

using runtime::shell_word;

std::string commands_of(const Run& run) {
  const RunMetrics& metrics = run.metrics;
  if (!metrics.split.store.empty())
    return metrics.command + "\n";  // another store: the run is listed by itself
  const std::string config = shell_word((run.dir / "config.toml").string());
  return fmt::format("chorale ingest {0}\nchorale train {0}\nchorale eval {1}{2}{3}\n", config,
                     shell_word(run.dir.string()), metrics.overrides.empty() ? "" : " ", metrics.overrides);
}

// Of each run, without an ending: its name where that is one of a file, and no two the same.
std::vector<std::string> file_names(const std::vector<Run>& runs) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const Run& run : runs) {
    if (run.name.find('/') == std::string::npos) taken.insert(run.name);
  }
  for (const Run& run : runs) {
    std::string name = run.name;
    if (name.find('/') != std::string::npos) {
      std::ranges::replace(name, '/', '_');
      for (int number = 2; !taken.insert(name).second; ++number) {
        if (number > 2) name.resize(name.rfind('-'));
        name += "-" + std::to_string(number);
      }
    }
    names.push_back(name);
  }
  return names;
}

}  // namespace

void add_making_of(ReportFolder& folder, const std::vector<Run>& runs, const std::string& command) {
  std::string commands;
  for (const Run& run : runs) commands += commands_of(run);
  commands += command;
  folder.add(Heading{"How it was made"});
  folder.add_file("commands.sh", commands + "\n");
  folder.add(
      Listing{"Commands; ingest and train run under mpirun or srun on any number of ranks:", commands});
  const auto names = file_names(runs);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    folder.add(Listing{"Configuration of " + runs[r].name, runs[r].config, Listing::Fold::kFolded});
    folder.add_file("configurations/" + names[r] + ".toml", runs[r].config);
    if (runs[r].environment.empty()) continue;
    folder.add(Listing{"Environment of " + runs[r].name, runs[r].environment, Listing::Fold::kFolded});
    folder.add_file("environments/" + names[r] + ".json", runs[r].environment);
  }
}

}  // namespace chorale::eval
