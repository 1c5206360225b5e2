// Small trees of empty files; a catalogue never looks inside.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <initializer_list>
#include <string>

#include "ingest/catalogue/catalogue.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::catalogue {

inline void touch(const std::filesystem::path& path, const std::string& content = "") {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << content;
}

class CatalogueTest : public testing::Test {
 protected:
  void make_files(std::initializer_list<const char*> paths) {
    for (const char* path : paths) touch(root / path);
  }

  std::vector<std::string> ids(const Catalogue& catalogue) const {
    std::vector<std::string> result;
    for (const Entry& entry : catalogue.entries) result.push_back(entry.track.id);
    return result;
  }

  std::vector<std::string> groups(const Catalogue& catalogue) const {
    std::vector<std::string> result;
    for (const Entry& entry : catalogue.entries) result.push_back(entry.track.group);
    return result;
  }

  // What the CatalogueError says.
  std::string error() const {
    try {
      make_catalogue(options);
    } catch (const runtime::UsageError& caught) {
      return caught.what();
    }
    return "no error";
  }

  const testing_support::TemporaryFolder folder;
  const std::filesystem::path root = folder.path() / "audio";
  config::Dataset options = [this] {
    config::Dataset dataset;
    dataset.root = root.string();
    return dataset;
  }();
};

}  // namespace chorale::catalogue
