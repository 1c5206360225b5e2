#include <fmt/format.h>

#include "eval/report/document.hpp"
#include "eval/tables/formats.hpp"

namespace chorale::eval {
namespace {

// A fence longer than any run of backquotes in the text.
std::string fence_for(const std::string& text) {
  std::string fence = "```";
  while (text.find(fence) != std::string::npos) fence += '`';
  return fence;
}

struct ToMarkdown {
  std::string operator()(const Heading& heading) const {
    return "## " + escape_markdown(heading.text) + "\n";
  }
  std::string operator()(const Paragraph& paragraph) const { return escape_markdown(paragraph.text) + "\n"; }
  std::string operator()(const Table& table) const { return to_markdown(table); }
  std::string operator()(const Picture& picture) const {
    return fmt::format("![{}](figures/{}.svg)\n", escape_markdown(picture.caption), picture.name);
  }
  std::string operator()(const Listing& listing) const {
    const std::string fence = fence_for(listing.text);
    const std::string block = fmt::format("{0}\n{1}\n{0}\n", fence, listing.text);
    if (listing.fold == Listing::Fold::kOpen)
      return fmt::format("{}\n\n{}", escape_markdown(listing.title), block);
    return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n", escape_html(listing.title),
                       block);
  }
};

}  // namespace

std::string to_markdown(const Document& document) {
  std::string text = "# " + escape_markdown(document.title) + "\n";
  for (const Block& block : document.blocks) text += "\n" + std::visit(ToMarkdown{}, block);
  return text;
}

}  // namespace chorale::eval
