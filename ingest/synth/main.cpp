#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "ingest/synth/collection.hpp"
#include "pipeline/cli/program.hpp"

namespace {

constexpr const char* kDescription =
    "Writes a synthetic labelled music collection: ten styles, WAV at 22,050 Hz, mono, with the artist in "
    "each file's "
    "tags, and the truth about genre, artist, tempo, key and mood in DIR/ground_truth.csv. A collection that "
    "was "
    "stopped or lost files is completed by the same command.";

constexpr const char* kFooter =
    R"(--faults adds, in the folder of the first style, four files that cannot be used or only in part, and one to
overlook:
  bossa.90000.wav    empty
  bossa.90001.wav    header whole, samples cut in the middle
  bossa.90002.wav    cut inside the header
  bossa.90003.wav    noise bytes
  ._bossa.00000.wav  AppleDouble file of macOS

Example: one hour of music on two ranks
  mpirun -n 2 chorale synth data/synth --tracks-per-class 30 --seconds 12 --seed 1)";

}  // namespace

int main(int argc, char** argv) {
  using namespace chorale;
  return cli::run_mpi_program("chorale-synth", argc, argv, [&](const comm::MpiSession& session) {
    CLI::App app(kDescription, "chorale synth");
    app.footer(kFooter);
    std::string folder, layout = "gtzan";
    synth::Options options;
    app.add_option("DIR", folder, "new or empty folder, or one to complete")->required();
    app.add_option("--layout", layout, "of the tree; gtzan: DIR/genres/<style>/<style>.000NN.wav")
        ->check(CLI::IsMember({"gtzan"}))
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
                  collection.size(), options.seconds, folder.c_str());
    }
    return 0;
  });
}
