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
    const char* by = name.ends_with("class") ? "class" : "artist";
    const char* what = name.find("tsne") != std::string::npos
                           ? "t-SNE. Songs beside each other are alike to the model; sizes of groups and "
                             "distances between them mean little"
                           : "the first two principal components";
    pictures.push_back({copy, fmt::format("Embeddings of {} by {}: {}", run.name, by, what)});
  }
  return pictures;
}

}  // namespace chorale::eval
