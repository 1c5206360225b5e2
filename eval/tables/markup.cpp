// The formats for readers.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "eval/tables/formats.hpp"

namespace chorale::eval {
namespace {

constexpr std::size_t kLongText = 60;  // bytes, from which a cell's text is broken into lines on a page
constexpr std::size_t kWide = 9;       // columns, beyond which a table is set smaller on paper

// Code points, which is the width on a terminal for the scripts class names are written in.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string latex_cell(const Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return "--";
  std::string text = escape_latex(text_of(cell));
  if (const auto sign = text.find(" ± "); std::holds_alternative<MeanStd>(cell) && sign != std::string::npos)
    text.replace(sign, std::string_view(" ± ").size(), " $\\pm$ ");
  return text;
}

// The line of groups above the header, with rules below them; empty without groups.
std::string latex_groups(const Table& table) {
  std::string names, rules;
  for (const Table::Span& span : table.spans()) {
    names += span.first > 0 ? " & " : "";
    if (span.group.empty()) {
      names += span.count > 1 ? fmt::format("\\multicolumn{{{}}}{{c}}{{}}", span.count) : "";
      continue;
    }
    names += fmt::format("\\multicolumn{{{}}}{{c}}{{{}}}", span.count, escape_latex(span.group));
    rules += fmt::format("\\cmidrule(lr){{{}-{}}} ", span.first + 1, span.first + span.count);
  }
  return names.empty() ? "" : fmt::format("    {} \\\\\n    {}\n", names, rules);
}

// Escaped, with places where a long name such as train.slice_seconds may be broken into lines.
std::string html_text(const std::string& text) {
  std::string result;
  for (std::size_t i = 0, from = 0; i < text.size(); ++i) {
    const bool dot = text[i] == '.' && i + 1 < text.size() && (text[i + 1] < '0' || text[i + 1] > '9');
    if (text[i] != '_' && !dot && i + 1 < text.size()) continue;
    result += escape_html(std::string_view(text).substr(from, i + 1 - from));
    if (i + 1 < text.size()) result += "<wbr>";
    from = i + 1;
  }
  return result;
}

std::string html_groups(const Table& table) {
  std::string cells;
  for (const Table::Span& span : table.spans()) {
    cells += span.group.empty() ? fmt::format("<td colspan=\"{}\"></td>", span.count)
                                : fmt::format("<th class=\"group\" scope=\"colgroup\" colspan=\"{}\">{}</th>",
                                              span.count, escape_html(span.group));
  }
  return cells.empty() ? "" : "<tr>" + cells + "</tr>\n";
}

// Lines of at most kLine code points, indented by two.
std::string wrapped(std::string_view text) {
  constexpr std::size_t kLine = 100;
  std::string result, line = " ";
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    const std::string_view word = text.substr(from, to - from);
    if (width(line) + 1 + width(word) > kLine && line != " ") {
      result += line + "\n";
      line = " ";
    }
    line += " " + std::string(word);
    from = to + 1;
  }
  return result + line + "\n";
}

std::string padded(const std::string& text, std::size_t to, bool left) {
  const std::string space(to - width(text), ' ');
  return left ? text + space : space + text;
}

std::string line_across(std::size_t length) {
  std::string line;
  for (std::size_t i = 0; i < length; ++i) line += "─";
  return line;
}

// Of neighbouring columns with the space between them.
std::size_t width_of(const Table::Span& span, const std::vector<std::size_t>& widths) {
  const auto first = widths.begin() + static_cast<std::ptrdiff_t>(span.first);
  return std::accumulate(first, first + static_cast<std::ptrdiff_t>(span.count), 2 * (span.count - 1));
}

// Of each column on a terminal; a group's last column is widened where its name needs that.
std::vector<std::size_t> terminal_widths(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::size_t widest = width(table.columns[c].header);
    for (const auto& row : table.rows) widest = std::max(widest, width(text_of(row[c])));
    widths.push_back(widest);
  }
  for (const Table::Span& span : table.spans()) {
    const std::size_t all = width_of(span, widths);
    if (width(span.group) > all) widths[span.first + span.count - 1] += width(span.group) - all;
  }
  return widths;
}

// The names of groups, each with a rule below it over its columns.
std::string terminal_groups(const Table& table, const std::vector<std::size_t>& widths) {
  std::string names, rules;
  for (const Table::Span& span : table.spans()) {
    const std::size_t all = width_of(span, widths);
    names += "  " + padded(span.group, all, true);
    rules += "  " + (span.group.empty() ? std::string(all, ' ') : line_across(all));
  }
  return names.empty() ? "" : names + "\n" + rules + "\n";
}

}  // namespace

std::string to_markdown(const Table& table) {
  std::string head = "|", rule = "|", body;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    head += " " + escape_markdown(full_header(table.columns[c])) + " |";
    rule += table.is_text(c) ? " --- |" : " ---: |";
  }
  for (const auto& row : table.rows) {
    body += "|";
    for (const Cell& cell : row) body += " " + escape_markdown(text_of(cell)) + " |";
    body += "\n";
  }
  std::string result = fmt::format("**{}**\n\n{}\n{}\n{}", escape_markdown(table.caption), head, rule, body);
  for (const auto& warning : table.warnings) result += "\n**" + escape_markdown(warning) + "**\n";
  for (const auto& note : table.notes) result += "\n" + escape_markdown(note) + "\n";
  return result;
}

std::string to_latex(const Table& table) {
  std::string alignment, head, body;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    alignment += table.is_text(c) ? 'l' : 'r';
    head += (c > 0 ? " & " : "") + escape_latex(table.columns[c].header);
  }
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) body += (c > 0 ? " & " : "    ") + latex_cell(row[c]);
    body += " \\\\\n";
  }
  std::string notes;
  for (const auto& warning : table.warnings)
    notes += fmt::format("\n  \\par\\smallskip{{\\footnotesize\\bfseries {}}}", escape_latex(warning));
  for (const auto& note : table.notes)
    notes += fmt::format("\n  \\par\\smallskip{{\\footnotesize {}}}", escape_latex(note));
  return fmt::format(
      "% \\usepackage{{booktabs}}\n"
      "\\begin{{table}}\n  \\centering\n  \\caption{{{}}}\n  \\label{{tab:{}}}\n"
      "  \\begin{{tabular}}{{{}}}\n    \\toprule\n{}    {} \\\\\n    \\midrule\n{}    \\bottomrule\n"
      "  \\end{{tabular}}{}\n\\end{{table}}\n",
      escape_latex(table.caption), table.name, alignment, latex_groups(table), head, body, notes);
}

std::string to_html(const Table& table) {
  std::string head, body, notes;
  const auto style = [&](std::size_t c) { return table.is_text(c) ? "" : " class=\"number\""; };
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    head += fmt::format("<th{} scope=\"col\">{}</th>", style(c), html_text(table.columns[c].header));
  for (const auto& row : table.rows) {
    body += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string text = text_of(row[c]);
      const std::string how = text.size() > kLongText ? " class=\"long\"" : style(c);
      body += fmt::format("<td{}>{}</td>", how, html_text(text));
    }
    body += "</tr>\n";
  }
  for (const auto& warning : table.warnings)
    notes += fmt::format("<p class=\"warning\">{}</p>\n", escape_html(warning));
  for (const auto& note : table.notes) notes += fmt::format("<p class=\"note\">{}</p>\n", escape_html(note));
  return fmt::format(
      "<figure class=\"table\">\n<figcaption>{}</figcaption>\n<div class=\"scroll\"><table{}>\n"
      "<thead>{}<tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table></div>\n{}</figure>\n",
      escape_html(table.caption), table.columns.size() > kWide ? " class=\"wide\"" : "", html_groups(table),
      head, body, notes);
}

std::string to_terminal(const Table& table) {
  const auto widths = terminal_widths(table);
  std::string head, rule, body;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    head += "  " + padded(table.columns[c].header, widths[c], table.is_text(c));
    rule += "  " + line_across(widths[c]);
  }
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < widths.size(); ++c)
      body += "  " + padded(text_of(row[c]), widths[c], table.is_text(c));
    body += "\n";
  }
  std::string result =
      fmt::format("{}\n\n{}{}\n{}\n{}", table.caption, terminal_groups(table, widths), head, rule, body);
  for (const auto& warning : table.warnings) result += "\n" + wrapped(warning);
  for (const auto& note : table.notes) result += "\n" + wrapped(note);
  return result;
}

}  // namespace chorale::eval
