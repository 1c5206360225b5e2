// A configuration with a [sweep] in a folder of the test's own.
#pragma once

#include <fstream>
#include <string>

#include "support/temporary_folder.hpp"
#include "sweep/plan/cells.hpp"

namespace chorale::sweep {

class SweepFile {
 public:
  explicit SweepFile(const std::string& sweep, const std::string& more = "") {
    std::ofstream(path()) << "store.path = \"store\"\nrun.dir = \"unused\"\n" << more << sweep;
  }
  std::filesystem::path path() const { return folder_.path() / "sweep.toml"; }

  Definition definition(const std::vector<std::string>& overrides = {}) const {
    return read_definition(path(), overrides);
  }
  std::vector<Cell> cells(const std::vector<std::string>& overrides = {}) const {
    return make_cells(definition(), path(), overrides);
  }

 private:
  testing_support::TemporaryFolder folder_;
};

inline std::vector<std::string> names_of(const std::vector<Cell>& cells) {
  std::vector<std::string> names;
  for (const Cell& cell : cells) names.push_back(cell.name);
  return names;
}

}  // namespace chorale::sweep
