// chorale train: trains one run; continues by itself when the run folder holds a checkpoint.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "pipeline/cli/program.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/models/model_list.hpp"
#include "pipeline/runtime/memory.hpp"
#include "train/stage/machine.hpp"
#include "train/stage/stage.hpp"

namespace {

int run(const chorale::comm::MpiSession& session, int argc, char** argv) {
  CLI::App app("Trains one run. Continues by itself when the run folder holds a checkpoint.",
               "chorale train");
  app.footer("Example:\n  mpirun -n 2 chorale train configs/gtzan.toml run.dir=runs/cnn train.epochs=40");
  std::string file;
  std::vector<std::string> overrides;
  bool fresh = false, list_models = false, markdown = false;
  app.add_option("CONFIG", file, "TOML file");
  app.add_option("OVERRIDES", overrides, "key=value, such as train.lr=3e-4");
  app.add_flag("--fresh", fresh, "start anew; a run that is there is renamed to RUN.old-1");
  app.add_flag("--list-models", list_models, "print what model.name may be, with parameters and cost");
  app.add_flag("--markdown", markdown, "with --list-models: as a Markdown table, with options and defaults");
  if (const auto status = chorale::cli::parse_arguments(app, argc, argv)) return *status;

  if (list_models) {
    if (session.rank() > 0) return 0;
    using chorale::models::ListFormat;
    const auto format = markdown ? ListFormat::kMarkdown : ListFormat::kText;
    std::fputs(chorale::models::to_text(chorale::models::list_models(), format).c_str(), stdout);
    return 0;
  }
  if (file.empty()) throw chorale::runtime::UsageError("CONFIG is missing; see chorale train --help");
  chorale::cli::check_overrides(overrides);
  using namespace chorale::train;
  const auto experiment = chorale::config::load(file, overrides, chorale::config::Stage::kTrain);
  set_threads(threads_of_rank(session, experiment.train));
  train(session, experiment, fresh ? Existing::kMoveAside : Existing::kContinue);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  chorale::runtime::keep_freed_memory();
  return chorale::cli::run_mpi_program(
      "chorale-train", argc, argv,
      [&](const chorale::comm::MpiSession& session) { return run(session, argc, argv); });
}
