// chorale report: many evaluated runs, one document.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "eval/report/report.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/cli/program.hpp"
#include "pipeline/runtime/log.hpp"

namespace {

using namespace chorale;

int run(int argc, char** argv) {
  CLI::App app("Writes one report over evaluated runs: Markdown, HTML, tables, figures.", "chorale report");
  std::vector<std::filesystem::path> dirs;
  std::filesystem::path out, against;
  app.add_option("RUN", dirs, "run folders, evaluated by chorale eval")->required();
  app.add_option("-o,--output", out, "folder of the report")->required();
  app.add_option("--against", against, "folder of another report: says what has changed since");
  app.footer("Example:\n  chorale report runs/esc10-fold-* -o reports/esc10");
  if (const auto status = cli::parse_arguments(app, argc, argv)) return *status;
  std::optional<std::vector<eval::Outcome>> former;
  if (!against.empty()) former = eval::read_outcomes(against);
  for (const auto& table : eval::write_report(eval::read_runs(dirs), out, former))
    std::printf("%s\n", eval::to_terminal(table).c_str());
  spdlog::info("the report: {}", (out / "report.html").string());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return chorale::cli::run_program("chorale-report", [&] { return run(argc, argv); });
}
