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
  std::filesystem::path out;
  eval::ReportOptions options;
  app.add_option(
         "PATH", dirs,
         "run folders, evaluated by chorale eval, or a study's folder: all evaluated runs in its runs/")
      ->required();
  app.add_option("-o,--output", out, "folder of the report")->required();
  app.add_option("--baseline", options.baseline,
                 "what others are compared with: an experiment as the report names it, or one of its runs; "
                 "default: the first");
  app.add_option("--against", options.against, "folder of another report: says what has changed since");
  app.footer(
      "Examples:\n  chorale report runs/esc10-fold-* -o reports/esc10\n"
      "  chorale report studies/lr -o reports/lr --baseline lr-0.001");
  if (const auto status = cli::parse_arguments(app, argc, argv)) return *status;
  for (const auto& table : eval::write_report(dirs, out, options))
    std::printf("%s\n", eval::to_terminal(table).c_str());
  spdlog::info("the report: {}", (out / "report.html").string());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return chorale::cli::run_program("chorale-report", [&] { return run(argc, argv); });
}
