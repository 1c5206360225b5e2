#include "pipeline/store/folder.hpp"

#include <algorithm>
#include <cstdio>

#include "pipeline/store/tables.hpp"

namespace chorale::store {
namespace fs = std::filesystem;

std::string shard_name(std::size_t shard) {
  char name[32];
  std::snprintf(name, sizeof name, "shard-%05zu.h5", shard);
  return name;
}

bool has_index(const fs::path& store) { return fs::exists(store / kIndexName); }

std::vector<fs::path> shard_files(const fs::path& store) {
  std::vector<fs::path> files;
  if (!fs::is_directory(store)) return files;
  for (const auto& entry : fs::directory_iterator(store)) {
    if (entry.path().filename().string().starts_with("shard-") && entry.path().extension() == ".h5") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string existing_config(const fs::path& store) {
  std::vector<fs::path> files = shard_files(store);
  if (has_index(store)) files.insert(files.begin(), store / kIndexName);
  for (const auto& path : files) {
    try {
      return read_header(Hdf5File::open(path), path.filename() == kIndexName ? "index" : "shard").config_text;
    } catch (const StoreError&) {
      continue;  // damaged: another file may tell, and ingest writes this one anew
    }
  }
  return "";
}

}  // namespace chorale::store
