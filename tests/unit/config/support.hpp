// Configuration files of a test's own.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "pipeline/config/config.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::config {

class ConfigFolder {
 public:
  // Returns the file's path.
  std::string write(const std::string& name, const std::string& toml) const {
    const auto path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << toml;
    return path.string();
  }

 private:
  testing_support::TemporaryFolder folder_;
};

// The message load() refuses the configuration with; empty when it accepts it.
inline std::string refusal(const std::string& file, const std::vector<std::string>& overrides = {},
                           Stage stage = Stage::kAny) {
  try {
    load(file, overrides, stage);
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

inline std::string refusal_of_text(const std::string& toml) {
  try {
    parse(toml, "text");
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

}  // namespace chorale::config
