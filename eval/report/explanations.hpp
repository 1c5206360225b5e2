// Figures of eval.explain, which reports take over from run folders.
#pragma once

#include <filesystem>
#include <vector>

#include "eval/report/document.hpp"
#include "eval/report/run.hpp"

namespace chorale::eval {

// A section with those of the runs that have any; copies them, data and scripts too, to
// FIGURES/explain-<number of run>, replacing what was there.
std::vector<Block> explanation_blocks(const std::vector<Run>& runs, const std::filesystem::path& figures);

}  // namespace chorale::eval
