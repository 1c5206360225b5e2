#include "eval/report/run_maps.hpp"

#include <fmt/format.h>

#include "eval/figures/map_figures.hpp"
#include "pipeline/checkpoint/run_folder.hpp"

namespace chorale::eval {

std::vector<Picture> copy_maps(const Run& run, std::size_t number, const std::filesystem::path& folder) {
  std::vector<Picture> pictures;
  for (const std::string name : kMapFigures) {
    const std::string copy = fmt::format("{}-{}", name, number);
    if (!figures::copy_figure(name, checkpoint::RunFolder(run.dir).figures(), copy, folder)) continue;
    const bool tsne = name.find("tsne") != std::string::npos;
    pictures.push_back(
        {copy, fmt::format("Embeddings of {}: {}", run.name,
                           tsne ? "t-SNE. Songs beside each other are alike to the model; distances "
                                  "between groups and their sizes mean little"
                                : "the first two principal components")});
  }
  return pictures;
}

}  // namespace chorale::eval
