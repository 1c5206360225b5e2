// A report as a sequence of blocks, written as Markdown or as one HTML page.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "eval/tables/table.hpp"

namespace chorale::eval {

struct Heading {
  std::string text;
};
struct Paragraph {
  std::string text;
};
struct Picture {
  std::string name;  // figures/<name>.svg
  std::string caption;
};
// Text as it is: commands, a configuration.
struct Listing {
  std::string title, text;
  enum class Fold { kOpen, kFolded } fold = Fold::kOpen;  // a long one is folded away on a screen
};

using Block = std::variant<Heading, Paragraph, Table, Picture, Listing>;

struct Document {
  std::string title;
  std::vector<Block> blocks;
};

// Pictures are linked: figures/<name>.svg beside the document.
std::string to_markdown(const Document& document);

// One page that needs no other file: the SVG of FOLDER/<name>.svg is part of it. A picture that was not drawn
// is replaced by a line that says where its data lies.
std::string to_html(const Document& document, const std::filesystem::path& figures);

}  // namespace chorale::eval
