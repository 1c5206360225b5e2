#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "ingest/synth/collection.hpp"
#include "pipeline/cli/program.hpp"

namespace {

constexpr const char* kDescription =
    "Writes a synthetic labelled music collection: ten styles, with the artist in each file's tags, and the "
    "truth about genre, artist, tempo, key and mood in DIR/ground_truth.csv. A collection that was stopped "
    "or "
    "lost files is completed by the same command.";

std::string footer() {
  std::string text = "Layouts:\n";
  for (const auto& layout : chorale::synth::layouts())
    text += fmt::format("  {}: {}\n", layout.name, layout.tree);
  for (const auto& layout : chorale::synth::layouts()) {
    text += fmt::format("\n--layout {} --faults adds, {}\n", layout.name, layout.faults);
  }
  return text + R"(
Example: one hour of music on two ranks
  mpirun -n 2 chorale synth data/synth --tracks-per-class 30 --seconds 12 --seed 1)";
}

std::vector<std::string> layout_names() {
  std::vector<std::string> names;
  for (const auto& layout : chorale::synth::layouts()) names.emplace_back(layout.name);
  return names;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace chorale;
  return cli::run_mpi_program("chorale-synth", argc, argv, [&](const comm::MpiSession& session) {
    CLI::App app(kDescription, "chorale synth");
    app.footer(footer());
    std::string folder;
    synth::Options options;
    app.add_option("DIR", folder, "new or empty folder, or one to complete")->required();
    app.add_option("--layout", options.layout, "of the tree; the layouts are listed below")
        ->check(CLI::IsMember(layout_names()))
        ->capture_default_str();
    app.add_option("--tracks-per-class", options.tracks_per_class, "tracks of each style")
        ->check(CLI::Range(1, 90000))
        ->capture_default_str();
    app.add_option("--seconds", options.seconds, "length of a track")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "another seed, another collection")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--artists-per-class", options.artists_per_class, "artists of each style, who take turns")
        ->check(CLI::Range(1, 90000))
        ->capture_default_str();
    app.add_flag("--faults", options.faults, "plant broken files as listed below");
    if (const auto status = cli::parse_arguments(app, argc, argv)) return *status;

    const synth::Collection collection(folder, options);
    collection.write(session);
    if (session.rank() == 0) {
      std::printf("%s: %zu tracks of %g s; the truth about them is in %s/ground_truth.csv\n", folder.c_str(),
                  collection.music().size(), options.seconds, folder.c_str());
    }
    return 0;
  });
}
