#include "eval/report/explanations.hpp"

#include <fmt/format.h>

#include "eval/explain/examples.hpp"

namespace chorale::eval {

namespace fs = std::filesystem;

std::vector<Block> explanation_blocks(const std::vector<Run>& runs, const fs::path& figures) {
  std::vector<Block> blocks;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const std::string folder = fmt::format("explain-{}", r + 1);
    const fs::path drawn = runs[r].dir / "figures/explain";
    fs::remove_all(figures / folder);
    if (!fs::exists(drawn)) continue;
    if (blocks.empty()) blocks.push_back(Heading{"What the models go by"});
    fs::create_directories(figures);
    fs::copy(drawn, figures / folder);
    const auto add = [&](const std::string& name, const std::string& caption) {
      if (fs::exists(drawn / (name + ".tsv"))) blocks.push_back(Picture{folder + "/" + name, caption});
    };
    const auto& classes = runs[r].metrics.classes;
    const std::vector<std::string> file_parts = safe_names(classes);
    add("mean_spectrogram", fmt::format("Mean spectrograms of what {} takes for each class", runs[r].name));
    for (std::size_t c = 0; c < classes.size(); ++c)
      add("explain_" + file_parts[c], fmt::format("{}: what {} goes by", classes[c], runs[r].name));
  }
  return blocks;
}

}  // namespace chorale::eval
