#include "eval/report/report_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "eval/tables/formats.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/hash.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;

constexpr const char* kChecksums = "checksums.txt";

bool is_inside(const fs::path& name) {
  return !name.empty() && name.is_relative() && std::ranges::find(name, fs::path("..")) == name.end();
}

}  // namespace

void ReportFolder::add_table(const Table& table) {
  write_table(table, dir_ / "tables");
  for (const char* ending : {".md", ".csv", ".tex", ".json"}) files_.insert("tables/" + table.name + ending);
  add(table);
}

void ReportFolder::add_figure(const figures::Figure& figure, const std::string& caption) {
  figures::write_figure(figure, dir_ / "figures");
  note_figure(figure.name, caption);
}

void ReportFolder::add_copy(const std::string& name, const fs::path& from, const std::string& copy,
                            const std::string& caption) {
  figures::copy_figure(name, from, copy, dir_ / "figures");
  note_figure(copy, caption);
}

void ReportFolder::note_figure(const std::string& name, const std::string& caption) {
  for (const char* ending : {".tsv", ".gp", ".svg", ".png"}) files_.insert("figures/" + name + ending);
  add(Picture{name, caption});
}

void ReportFolder::add_file(const fs::path& name, const std::string& text) {
  fs::create_directories((dir_ / name).parent_path());
  runtime::write_file(dir_ / name, text);
  files_.insert(name.generic_string());
}

void ReportFolder::finish() {
  add_file("report.md", to_markdown(document_));
  add_file("report.html", to_html(document_, dir_ / "figures"));
  remove_former();
  std::string lines;
  for (const std::string& name : files_) {  // pictures are not there without gnuplot
    if (fs::exists(dir_ / name))
      lines += runtime::xxh3_hex(runtime::read_file(dir_ / name)) + " " + name + "\n";
  }
  runtime::write_file(dir_ / kChecksums, lines);
}

void ReportFolder::remove_former() const {
  if (!fs::exists(dir_ / kChecksums)) return;
  std::istringstream former(runtime::read_file(dir_ / kChecksums));
  for (std::string line; std::getline(former, line);) {
    const auto space = line.find(' ');
    if (space == std::string::npos) continue;
    const std::string name = line.substr(space + 1);
    if (files_.contains(name) || !is_inside(name) || !fs::is_regular_file(dir_ / name)) continue;
    if (runtime::xxh3_hex(runtime::read_file(dir_ / name)) == line.substr(0, space)) {
      fs::remove(dir_ / name);
    } else {
      spdlog::warn("{}: of a former report, but changed since: it stays", (dir_ / name).string());
    }
  }
}

}  // namespace chorale::eval
