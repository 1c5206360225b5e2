// The only place that runs gnuplot. A figure is its data and a script that anybody can run again beside it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace chorale::figures {

struct Figure {
  std::string name;           // file name without extension
  int width = 0, height = 0;  // pixels of the SVG; the PNG has twice as many
  std::string data = {};      // becomes <name>.tsv
  std::string commands = {};  // draws one page from '<name>.tsv' on a terminal that is already set
};

// Replaces <name>.tsv, <name>.gp, <name>.svg and <name>.png in FOLDER. Where gnuplot is missing or fails, a
// warning says so, data and script are still written, and older pictures are removed, since they would show
// other data.
void write_figure(const Figure& figure, const std::filesystem::path& folder);

// The same figure under another name in another folder, which is made. False, and nothing done, where FROM
// has none.
bool copy_figure(const std::string& name, const std::filesystem::path& from, const std::string& copy,
                 const std::filesystem::path& to);

// Removes the files of a figure that is no longer drawn; none need be there.
void remove_figure(const std::string& name, const std::filesystem::path& folder);

// A string literal of gnuplot: single quotes, in which nothing is expanded.
std::string gnuplot_string(std::string_view text);

}  // namespace chorale::figures
