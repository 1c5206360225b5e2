// Maps of the songs of a run, where it was evaluated with eval.embeddings.
#pragma once

#include <filesystem>
#include <vector>

#include "eval/report/document.hpp"
#include "eval/report/run.hpp"

namespace chorale::eval {

// Copies the figures that the run has into FOLDER, their names ended by -NUMBER.
std::vector<Picture> copy_maps(const Run& run, std::size_t number, const std::filesystem::path& folder);

}  // namespace chorale::eval
