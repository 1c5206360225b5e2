#include <CLI/CLI.hpp>
#include <cstdio>

#include "ingest/ingest.hpp"
#include "pipeline/cli/program.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/memory.hpp"

using namespace chorale;

int main(int argc, char** argv) {
  return cli::run_mpi_program("chorale-ingest", argc, argv, [&](const comm::MpiSession& session) {
    CLI::App app(
        "Builds or completes a store from a collection of audio. Runs alone, or under mpirun or srun.");
    app.footer(
        "Example:\n  mpirun -n 8 chorale ingest configs/gtzan.toml dataset.root=/data/gtzan "
        "store.path=stores/gtzan");
    std::string file;
    std::vector<std::string> overrides;
    bool rebuild = false;
    app.add_option("CONFIG", file, "The experiment (TOML)")->required();
    app.add_option("key=value", overrides, "Overrides of its keys");
    app.add_flag(
        "--rebuild", rebuild,
        "Make anew what was made with another configuration or from other files, instead of refusing");
    if (const auto status = cli::parse_arguments(app, argc, argv)) return *status;
    cli::check_overrides(overrides);

    runtime::keep_freed_memory();
    const auto experiment = config::load(file, overrides, config::Stage::kIngest);
    const auto summary = ingest::run(session, experiment,
                                     rebuild ? ingest::OnMismatch::kRebuild : ingest::OnMismatch::kRefuse);
    if (session.rank() == 0) std::printf("%s\n", summary.c_str());
    return 0;
  });
}
