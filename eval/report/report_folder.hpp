// The folder of a report: what is in it, and what a former report left there.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "eval/report/document.hpp"
#include "pipeline/figures/gnuplot.hpp"

namespace chorale::eval {

// Adds blocks to the document and writes the files of tables and figures as it goes; each file is replaced in
// one step. checksums.txt names all of them with their xxh3, so that the next report can take away those
// which it does not write.
class ReportFolder {
 public:
  ReportFolder(std::string title, std::filesystem::path dir)
      : document_{std::move(title), {}}, dir_(std::move(dir)) {}

  void add(Block block) { document_.blocks.push_back(std::move(block)); }
  void add_table(const Table& table);
  void add_figure(const figures::Figure& figure, const std::string& caption);
  // The figure NAME of another folder, under another name (figures::copy_figure).
  void add_copy(const std::string& name, const std::filesystem::path& from, const std::string& copy,
                const std::string& caption);
  void add_file(const std::filesystem::path& name, const std::string& text);

  // Writes report.md and report.html, and removes the files of a former report that were not written again;
  // one that was changed since stays, with a warning. No other file is touched.
  void finish();

 private:
  void note_figure(const std::string& name, const std::string& caption);
  void remove_former() const;

  Document document_;
  std::filesystem::path dir_;
  std::set<std::string> files_;  // relative to dir_
};

}  // namespace chorale::eval
