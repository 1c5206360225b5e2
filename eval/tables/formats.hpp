// A table as Markdown, CSV, LaTeX, JSON, HTML and terminal text. Every format escapes what would be markup in
// it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "eval/tables/table.hpp"

namespace chorale::eval {

std::string to_markdown(const Table& table);  // GitHub's pipe table, caption above, notes below
std::string to_csv(
    const Table& table);  // RFC 4180; all digits; <key>_mean and <key>_std, <key>_low and <key>_high
std::string to_latex(const Table& table);  // needs \usepackage{booktabs}; label tab:<name>
std::string to_json(const Table& table);   // {"name", "caption", "columns", "rows": [{key: value}], "notes"}
std::string to_html(const Table& table);   // <figure class="table">
std::string to_terminal(const Table& table);  // aligned columns

std::string escape_markdown(std::string_view text);
std::string escape_latex(std::string_view text);
std::string escape_html(std::string_view text);

// FOLDER/<name>.md, .csv, .tex and .json, each replaced in one step. Makes the folder. Throws
// runtime::FileError.
void write_table(const Table& table, const std::filesystem::path& folder);

// Removes the files of a table that is no longer made; none need be there.
void remove_table(const std::string& name, const std::filesystem::path& folder);

}  // namespace chorale::eval
