// chorale inspect: describes a store, a run folder or a checkpoint.
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "pipeline/cli/program.hpp"
#include "pipeline/inspect/describe.hpp"
#include "pipeline/inspect/store_figures.hpp"
#include "pipeline/inspect/text.hpp"
#include "pipeline/store/folder.hpp"

namespace {

void draw(const std::string& store, const std::string& folder) {
  using namespace chorale;
  if (!store::has_index(store)) throw runtime::UsageError(store + ": --figures needs a complete store");
  for (const auto& figure : inspect::store_figures(store::Store::open(store))) {
    figures::write_figure(figure, folder);
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace chorale;
  return cli::run_program("chorale-inspect", [&]() -> int {
    CLI::App app("Describes a store, a run folder, a checkpoint folder or a .safetensors file.");
    app.footer(
        "Examples:\n  chorale inspect stores/gtzan --verify\n  chorale inspect stores/gtzan --figures "
        "figures/gtzan\n"
        "  chorale inspect runs/cnn --json\n\n"
        "Exit status: 0 described, 1 damaged or unreadable, 2 nothing of ours at PATH.");
    std::string path, figures;
    bool verify = false, json = false;
    app.add_option("PATH", path, "what to describe")->required();
    app.add_flag("--verify", verify, "recompute the checksum of every dataset of a store");
    app.add_flag("--json", json, "print JSON, with every row of every table");
    app.add_option(
        "--figures", figures,
        "folder for pictures of a store, SVG and PNG with data and script beside them: spectrograms, "
        "classes, durations, features");
    if (const auto status = cli::parse_arguments(app, argc, argv)) return *status;

    const auto description =
        inspect::describe(path, verify ? inspect::Checksums::kVerify : inspect::Checksums::kTrust);
    using Handler = nlohmann::ordered_json::error_handler_t;  // a path need not be UTF-8
    std::cout << (json ? description.dump(2, ' ', false, Handler::replace) + "\n"
                       : inspect::as_text(description))
              << std::flush;
    if (!figures.empty()) draw(path, figures);
    if (!std::cout) throw runtime::Error("cannot write to standard output");
    const bool sound = !description.contains("damages") || description["damages"].empty();
    return sound ? runtime::kDone : runtime::kFailed;
  });
}
