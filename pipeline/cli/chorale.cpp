// The dispatcher: `chorale train ...` becomes `chorale-train ...`, found beside this program.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/cli/program.hpp"
#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/nearest.hpp"

namespace {

using chorale::runtime::UsageError;

constexpr std::array<std::pair<const char*, const char*>, 8> kCommands = {{
    {"synth", "write a synthetic labelled collection of audio files"},
    {"ingest", "build or complete a store of features from audio (MPI)"},
    {"inspect", "describe a store, a run or a checkpoint"},
    {"train", "train one run, or continue it (MPI)"},
    {"eval", "evaluate a run: metrics, tables, figures"},
    {"sweep", "train and evaluate the cells of an ablation, and report on them (MPI)"},
    {"report", "one report over many runs"},
    {"config", "check a configuration; list every key"},
}};

void print_help() {
  std::printf(
      "Music classification from audio files to tables, on one machine or a cluster.\n\n"
      "Usage: chorale COMMAND [ARGUMENT...]\n\n");
  for (const auto& [name, about] : kCommands) std::printf("  %-8s  %s\n", name, about);
  std::printf(
      "\nchorale COMMAND --help explains a command. Example:\n"
      "  mpirun -n 4 chorale ingest configs/gtzan.toml dataset.root=/data/gtzan\n");
}

void refuse_unknown(const std::string& command) {
  std::vector<std::string> known;
  known.reserve(kCommands.size());
  for (const auto& [name, about] : kCommands) known.emplace_back(name);
  if (std::find(known.begin(), known.end(), command) != known.end()) return;
  const auto guess = chorale::runtime::nearest(command, known);
  throw UsageError("unknown command \"" + command + "\"" + (guess ? "; did you mean " + *guess + "?" : "") +
                   " (chorale --help lists all)");
}

int run(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "--help";
  if (command == "--help" || command == "-h" || command == "help") {
    print_help();
    return 0;
  }
  if (command == "--version") {
    std::printf("%s\n", chorale::cli::kVersion);
    return 0;
  }
  refuse_unknown(command);
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / ("chorale-" + command);
  std::string name = program.string();
  argv[1] = name.data();
  ::execv(name.c_str(), argv + 1);
  throw chorale::runtime::Error("cannot start " + name + ": " + std::strerror(errno) +
                                "; build the target chorale-" + command);
}

}  // namespace

int main(int argc, char** argv) {
  return chorale::cli::run_program("chorale", [&] { return run(argc, argv); });
}
