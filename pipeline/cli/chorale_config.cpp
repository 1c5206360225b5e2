// chorale config: validates a configuration; prints every key.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "pipeline/cli/program.hpp"
#include "pipeline/config/config.hpp"

namespace {

using chorale::config::Stage;

Stage stage_named(const std::string& name) {
  if (name == "ingest") return Stage::kIngest;
  return name == "train" ? Stage::kTrain : Stage::kAny;
}

int check(const std::string& file, const std::vector<std::string>& overrides, Stage stage) {
  chorale::cli::check_overrides(overrides);
  const auto experiment = chorale::config::load(file, overrides, stage);
  std::printf("# store hash: %s\n%s", chorale::config::store_hash(experiment).c_str(),
              chorale::config::resolved(experiment).c_str());
  return 0;
}

int print_reference(bool markdown) {
  const std::string text =
      markdown ? chorale::config::reference_markdown() : chorale::config::reference_text();
  std::fputs(text.c_str(), stdout);
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("Checks a configuration; lists every key.", "chorale config");
  app.require_subcommand(1);
  app.footer(
      "Examples:\n  chorale config check configs/gtzan.toml train.lr=3e-4 --stage train\n"
      "  chorale config reference --markdown > docs/configuration.md");

  std::string file;
  std::vector<std::string> overrides;
  std::string stage;
  auto* checking =
      app.add_subcommand("check", "validate a configuration and print it, resolved, with its store hash");
  checking->add_option("CONFIG", file, "TOML file")->required();
  checking->add_option("OVERRIDES", overrides, "key=value, such as train.lr=3e-4");
  checking->add_option("--stage", stage, "also check what this command needs: ingest or train")
      ->check(CLI::IsMember({"ingest", "train"}));

  bool markdown = false;
  auto* reference = app.add_subcommand("reference", "print every key with type, default, unit and meaning");
  reference->add_flag("--markdown", markdown, "as docs/configuration.md");

  if (const auto status = chorale::cli::parse_arguments(app, argc, argv)) return *status;
  return checking->parsed() ? check(file, overrides, stage_named(stage)) : print_reference(markdown);
}

}  // namespace

int main(int argc, char** argv) {
  return chorale::cli::run_program("chorale-config", [&] { return run(argc, argv); });
}
