// The cells of a sweep: one experiment each.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "sweep/plan/definition.hpp"

namespace chorale::sweep {

struct Cell {
  std::string name;     // its folder: "cnn_lr-0.001_seed-0"; of letters that every file system takes
  std::string repeats;  // its name without seed and fold: "cnn_lr-0.001"; empty where nothing else varies
  std::vector<Setting> settings;
  config::Experiment experiment;  // run.dir is DIR/runs/<name>
};

// Variants (outermost), axes and draws, all combined. `overrides` are those of the cells' experiments. Throws
// ConfigError: whatever is wrong with a cell, once for all cells that share it; two cells with the same
// configuration.
std::vector<Cell> make_cells(const Definition& definition, const std::filesystem::path& file,
                             const std::vector<std::string>& overrides);

}  // namespace chorale::sweep
