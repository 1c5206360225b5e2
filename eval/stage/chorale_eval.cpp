// chorale eval: the best checkpoint of a run, on the part of its split that it was not trained on.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "eval/results/embedding_tables.hpp"
#include "eval/results/task_tables.hpp"
#include "eval/stage/evaluate.hpp"
#include "eval/stage/opened_run.hpp"
#include "eval/stage/other_store.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/cli/program.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/shell.hpp"

namespace {

using namespace chorale;

// A job chain has one configuration for all its stages, so that names the run as well as its folder does.
std::string run_folder(const std::string& given, const std::vector<std::string>& overrides) {
  if (!std::filesystem::is_regular_file(given)) return given;
  return config::load(given, overrides, config::Stage::kTrain).run.dir;
}

std::string words_of(const std::vector<std::string>& overrides) {
  std::string words;
  for (const std::string& text : overrides) words += (words.empty() ? "" : " ") + runtime::shell_word(text);
  return words;
}

std::string command_of(const std::string& given, const eval::OtherStore& other,
                       const std::string& overrides) {
  using runtime::shell_word;
  std::string command = "chorale eval " + shell_word(given) + " --on " + shell_word(other.path.string());
  if (!other.classes.empty()) command += " --classes " + shell_word(other.classes.string());
  if (!other.results.empty()) command += " -o " + shell_word(other.results.string());
  return overrides.empty() ? command : command + " " + overrides;
}

void evaluate(const std::string& given, const eval::OtherStore& other,
              const std::vector<std::string>& overrides) {
  eval::OpenedRun run = eval::open_run(run_folder(given, overrides), overrides);
  run.overrides = words_of(overrides);
  if (!other.path.empty()) {
    eval::move_to(run, other);
    run.command = command_of(given, other, run.overrides);
  }
  const auto results = eval::evaluate(run);
  for (const auto& task : results.tasks) {
    auto tables = eval::task_tables(task, results.main);
    std::printf("%s\n", eval::to_terminal(tables.front()).c_str());
    if (task.output.task.name != results.main.task || tables.size() == 1) continue;
    tables[1].caption = "Songs by mean probability";
    std::printf("%s\n", eval::to_terminal(tables[1]).c_str());
  }
  if (results.main.embedding) {
    const auto tables = eval::retrieval_tables(*results.main.embedding, results.main);
    std::printf("%s\n", eval::to_terminal(tables.front()).c_str());
    spdlog::info("songs like one: chorale eval {} --like ID", run.folder.dir().string());
  }
  spdlog::info("written: metrics.json, predictions.csv, songs.csv, tables/, figures/ in {}",
               run.results.dir().string());
}

// Needs no forward pass, and no store.
void print_songs_like(const std::string& song, const std::string& dir) {
  const eval::Table table = eval::songs_like(checkpoint::RunFolder(dir).neighbours(), song);
  std::printf("%s\n", eval::to_terminal(table).c_str());
}

int run(int argc, char** argv) {
  CLI::App app("Evaluates the best checkpoint of a run: metrics, tables, figures.", "chorale eval");
  std::string given;
  std::vector<std::string> overrides;
  eval::OtherStore other;
  app.add_option("RUN", given, "run folder, or the configuration file whose run.dir names it")->required();
  app.add_option("OVERRIDES", overrides,
                 "key=value, such as store.path=/scratch/gtzan.store or eval.part=validation");
  auto* on = app.add_option("--on", other.path,
                            "another store: evaluate on all of its songs; it must hold the same features");
  app.add_option(
         "--classes", other.classes,
         "TOML file whose section [classes] has lines \"class of that store\" = \"class of the run\"; "
         "default: classes of the same name")
      ->needs(on);
  app.add_option("-o,--output", other.results, "folder of those results; default: RUN/on/<name of the store>")
      ->needs(on);
  std::string like;
  app.add_option(
      "--like", like,
      "print the songs most similar to this one (id or path), of an evaluation with eval.embeddings=true");
  app.footer(
      "Examples:\n  chorale eval runs/gtzan-cnn store.path=/scratch/gtzan.store\n"
      "  chorale eval runs/gtzan-cnn --on /scratch/fma_small.store --classes "
      "fma_to_gtzan.toml\n  chorale eval runs/gtzan-cnn eval.embeddings=true eval.explain=true\n"
      "  chorale eval runs/gtzan-cnn --like blues.00042");
  if (const auto status = cli::parse_arguments(app, argc, argv)) return *status;
  cli::check_overrides(overrides);
  if (!like.empty()) {
    print_songs_like(like, run_folder(given, overrides));
    return 0;
  }
  evaluate(given, other, overrides);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return chorale::cli::run_program("chorale-eval", [&] { return run(argc, argv); });
}
