#include "eval/report/run_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "eval/explain/examples.hpp"
#include "eval/figures/map_figures.hpp"
#include "pipeline/checkpoint/run_folder.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  std::string name, caption;
};

std::vector<Wanted> maps_of(const Run& run) {
  std::vector<Wanted> wanted;
  for (const std::string name : kMapFigures) {
    const char* by = name.ends_with("class") ? "class" : "artist";
    const char* what = name.find("tsne") != std::string::npos
                           ? "t-SNE. Songs beside each other are alike to the model; sizes of groups and "
                             "distances between them mean little"
                           : "the first two principal components";
    wanted.push_back({name, fmt::format("Embeddings of {} by {}: {}", run.name, by, what)});
  }
  return wanted;
}

std::vector<Wanted> explanations_of(const Run& run) {
  std::vector<Wanted> wanted = {
      {"mean_spectrogram", fmt::format("Mean spectrograms of what {} takes for each class", run.name)}};
  const auto& classes = run.metrics.classes;
  const std::vector<std::string> file_parts = safe_names(classes);
  for (std::size_t c = 0; c < classes.size(); ++c)
    wanted.push_back({"explain_" + file_parts[c], fmt::format("{}: what {} goes by", classes[c], run.name)});
  return wanted;
}

std::vector<Wanted> curves_of(const Run& run) {
  return {{"roc", "ROC curves of " + run.name},
          {"precision_recall", "Precision and recall of " + run.name},
          {"reliability", fmt::format("How far the confidence of {} can be trusted", run.name)},
          {"feature_importance", "Features that " + run.name + " goes by"}};
}

using Numbered = std::vector<std::pair<std::size_t, const Run*>>;  // from 1

// A section of those that are there.
void add_section(ReportFolder& folder, const Numbered& runs, const std::string& heading,
                 const fs::path& below, std::vector<Wanted> (*wanted_of)(const Run&)) {
  bool empty = true;
  for (const auto& [number, run] : runs) {
    const fs::path drawn = checkpoint::RunFolder(run->dir).figures() / below;
    for (const Wanted& figure : wanted_of(*run)) {
      if (!fs::exists(drawn / (figure.name + ".gp"))) continue;
      if (empty) folder.add(Heading{heading});
      empty = false;
      folder.add_copy(figure.name, drawn, fmt::format("{}-{}", figure.name, number), figure.caption);
    }
  }
}

}  // namespace

void add_run_figures(ReportFolder& folder, const std::vector<Run>& runs, const std::vector<Group>& groups) {
  Numbered all, first_of_each;
  for (const Run& run : runs) all.emplace_back(all.size() + 1, &run);
  for (const auto& numbered : all) {
    const auto is_first = [&](const Group& group) { return group.runs.front() == numbered.second; };
    if (std::ranges::any_of(groups, is_first)) first_of_each.push_back(numbered);
  }
  add_section(folder, first_of_each, "Curves of the first run of each experiment", "", curves_of);
  add_section(folder, all, "Songs by their embeddings", "", maps_of);
  add_section(folder, all, "What the models go by", "explain", explanations_of);
}

}  // namespace chorale::eval
