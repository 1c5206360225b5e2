#include <fmt/format.h>

#include "eval/report/document.hpp"
#include "eval/tables/formats.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;

// Tables and wide figures scroll inside their own box on a phone, where the first column stays in sight; on
// paper everything is shown and nothing breaks inside a row or figure. Figures keep their white ground in the
// dark.
constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --page: #fff; --ink: #1c2430; --soft: #5b6776; --line: #d9dfe6; --tint: #f5f8fa;
  --mark: #205e8f; }
@media screen and (prefers-color-scheme: dark) {
  :root { --page: #14181d; --ink: #e3e8ee; --soft: #9aa7b5; --line: #333c46; --tint: #1d232a; --mark: #7fb8e6; }
  .picture svg { border-radius: 6px; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 2.5rem 1.25rem 5rem; color: var(--ink); background: var(--page);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.3rem; margin: 3rem 0 .75rem; padding-top: .9rem; border-top: 1px solid var(--line); }
p { max-width: 44rem; margin: .6rem 0; }
a { color: var(--mark); text-decoration: none; }
a:hover { text-decoration: underline; }
nav { margin: 1.5rem 0; padding: .8rem 1.1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--tint);
  max-width: 44rem; }
nav ol { margin: 0; padding-left: 1.4rem; columns: 2 15rem; }
figure { margin: 1.5rem 0; }
figcaption { font-weight: 600; margin-bottom: .45rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .89rem; font-variant-numeric: tabular-nums; }
th, td { padding: .36rem .55rem .36rem 0; text-align: left; white-space: nowrap; }
th:not(:first-child), td:not(:first-child) { padding-left: .35rem; }
th.number, td.number { text-align: right; }
thead tr:last-child th:first-child, tbody td:first-child { position: sticky; left: 0; background: var(--page);
  white-space: normal; min-width: 7rem; max-width: 18rem; }
td.long { white-space: normal; min-width: 18rem; max-width: 40rem; }
th.group { text-align: center; border-bottom: 1px solid var(--line); padding-top: 0; }
thead th { white-space: normal; font-weight: 600; color: var(--soft); border-bottom: 1.5px solid var(--ink); vertical-align: bottom; }
tbody tr + tr td { border-top: 1px solid var(--line); }
tbody tr:hover td { background: var(--tint); }
.warning { font-weight: 600; font-size: .86rem; max-width: 48rem; }
.note { color: var(--soft); font-size: .86rem; max-width: 48rem; }
.picture svg { display: block; height: auto; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; overflow-x: auto;
  font: .84rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
@media (max-width: 40rem) {
  body { padding: 1.5rem .9rem 3rem; }
  h1 { font-size: 1.5rem; }
  thead tr:last-child th:first-child, tbody td:first-child { min-width: 6.5rem; max-width: 9rem; overflow-wrap: break-word;
    box-shadow: 1px 0 var(--line); }
}
summary { cursor: pointer; color: var(--mark); padding: .2rem 0; }
@media print {
  :root { font-size: 10pt; }
  nav { break-inside: avoid; }
  body { max-width: none; padding: 0; }
  figure, pre, tr { break-inside: avoid; }
  h2, h2 + p, figcaption { break-after: avoid; }
  .scroll, pre { overflow: visible; }
  table { font-size: 8.5pt; }
  th, td { padding-right: .3rem; white-space: normal; }
  td.number { white-space: nowrap; }
  thead tr:last-child th:first-child, tbody td:first-child { position: static; min-width: 5rem; }
  .wide { font-size: 6.4pt; }
  .wide th, .wide td { padding: .2rem .3rem .2rem 0; }
  pre { white-space: pre-wrap; }
  .picture svg { width: auto !important; min-width: 0 !important; max-width: 100% !important;
    max-height: 11cm; }
}
)";

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// An SVG of gnuplot's as an element of a page: without prolog, with ids of its own, its size a limit instead
// of a fixed number, the caption as its title for screen readers.
std::string inline_svg(std::string svg, const std::string& caption, std::size_t number) {
  svg.erase(0, svg.find("<svg"));
  const std::string prefix = fmt::format("f{}-gp", number);
  replace_all(svg, "id='gp", "id='" + prefix);
  replace_all(svg, "'#gp", "'#" + prefix);
  replace_all(svg, "id=\"gnuplot", fmt::format("id=\"f{}-gnuplot", number));
  replace_all(svg, "id='textbox'", fmt::format("id='f{}-textbox'", number));
  replace_all(svg, "id='greybox'", fmt::format("id='f{}-greybox'", number));
  replace_all(svg, "<title>Gnuplot</title>", "<title>" + escape_html(caption) + "</title>");
  const auto start = svg.find("width=\""), end = svg.find("viewBox");
  if (start == std::string::npos || end == std::string::npos || end < start) return svg;
  const int width = std::atoi(svg.c_str() + start + std::string_view("width=\"").size());
  svg.replace(
      start, end - start,
      fmt::format("role=\"img\" style=\"width:100%;max-width:{}px;min-width:{}px\" ", width, width * 6 / 10));
  return svg;
}

class ToHtml {
 public:
  explicit ToHtml(fs::path figures) : figures_(std::move(figures)) {}

  std::string operator()(const Heading& heading) {
    return fmt::format("<h2 id=\"section-{}\">{}</h2>\n", ++section_, escape_html(heading.text));
  }
  std::string operator()(const Paragraph& paragraph) {
    return "<p>" + escape_html(paragraph.text) + "</p>\n";
  }
  std::string operator()(const Table& table) { return to_html(table); }
  std::string operator()(const Listing& listing) {
    const std::string title = escape_html(listing.title);
    std::string text;  // escape_html() takes line breaks away
    for (std::size_t from = 0; from < listing.text.size();) {
      const auto to = std::min(listing.text.find('\n', from), listing.text.size());
      text += escape_html(std::string_view(listing.text).substr(from, to - from)) + "\n";
      from = to + 1;
    }
    if (listing.fold == Listing::Fold::kOpen) return fmt::format("<p>{}</p>\n<pre>{}</pre>\n", title, text);
    return fmt::format("<details><summary>{}</summary>\n<pre>{}</pre>\n</details>\n", title, text);
  }
  std::string operator()(const Picture& picture) {
    const fs::path svg = figures_ / (picture.name + ".svg");
    const std::string body =
        fs::exists(svg) ? inline_svg(runtime::read_file(svg), picture.caption, ++number_)
                        : fmt::format(
                              "<p class=\"note\">Not drawn; data and gnuplot script are figures/{0}.tsv and "
                              "figures/{0}.gp.</p>\n",
                              escape_html(picture.name));
    return fmt::format(
        "<figure class=\"picture\">\n<figcaption>{}</figcaption>\n<div class=\"scroll\">{}</div>\n"
        "</figure>\n",
        escape_html(picture.caption), body);
  }

 private:
  fs::path figures_;
  std::size_t number_ = 0, section_ = 0;
};

// Links to the sections, of a page that is longer than a glance; else empty.
std::string contents(const Document& document) {
  constexpr std::size_t kFew = 4;
  std::string items;
  std::size_t section = 0;
  for (const Block& block : document.blocks) {
    if (const auto* heading = std::get_if<Heading>(&block))
      items +=
          fmt::format("<li><a href=\"#section-{}\">{}</a></li>\n", ++section, escape_html(heading->text));
  }
  return section <= kFew ? "" : "<nav aria-label=\"Contents\"><ol>\n" + items + "</ol></nav>\n";
}

}  // namespace

std::string to_html(const Document& document, const fs::path& figures) {
  const std::string title = escape_html(document.title);
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n"
      "<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n",
      title, kStyle);
  page += contents(document);
  ToHtml render(figures);
  for (const Block& block : document.blocks) page += std::visit(render, block);
  return page + "</body>\n</html>\n";
}

}  // namespace chorale::eval
