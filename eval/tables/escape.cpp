#include <map>

#include "eval/tables/formats.hpp"

namespace chorale::eval {
namespace {

// Line breaks would end a table row in every format.
std::string replace(std::string_view text, const std::map<char, std::string_view>& replacements) {
  std::string result;
  for (const char c : text) {
    if (const auto found = replacements.find(c); found != replacements.end()) {
      result += found->second;
    } else if (c == '\n' || c == '\r') {
      result += ' ';
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

std::string escape_markdown(std::string_view text) {
  return replace(text, {{'\\', "\\\\"},
                        {'`', "\\`"},
                        {'*', "\\*"},
                        {'_', "\\_"},
                        {'|', "\\|"},
                        {'[', "\\["},
                        {']', "\\]"},
                        {'~', "\\~"},
                        {'$', "\\$"},
                        {'<', "&lt;"},
                        {'>', "&gt;"},
                        {'&', "&amp;"}});
}

std::string escape_latex(std::string_view text) {
  return replace(text, {{'\\', "\\textbackslash{}"},
                        {'~', "\\textasciitilde{}"},
                        {'^', "\\textasciicircum{}"},
                        {'<', "\\textless{}"},
                        {'>', "\\textgreater{}"},
                        {'|', "\\textbar{}"},
                        {'"', "\\char34{}"},
                        {'&', "\\&"},
                        {'%', "\\%"},
                        {'$', "\\$"},
                        {'#', "\\#"},
                        {'_', "\\_"},
                        {'{', "\\{"},
                        {'}', "\\}"},
                        {'[', "{[}"},
                        {']', "{]}"}});
}

std::string escape_html(std::string_view text) {
  return replace(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}});
}

}  // namespace chorale::eval
