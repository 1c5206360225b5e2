// Gathers an experiment from several sources, later ones over earlier ones, and every error on the way.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/config/config.hpp"

namespace chorale::config {

struct Key;

class Reader {
 public:
  // `name` stands in errors about keys that no source sets.
  explicit Reader(std::string name) : name_(std::move(name)) {}

  void read_file(const std::filesystem::path& file);  // its `extends` chain first
  void read_text(std::string_view toml, const std::string& origin);
  void read_override(const std::string& text, const std::string& where);  // "train.lr=3e-4"

  // Checks what has to hold between keys. Throws ConfigError with all errors of all sources.
  Experiment finish(Stage stage);

 private:
  void read_base(toml::table& table, const std::filesystem::path& file);
  void read_table(const toml::table& table, const std::string& prefix, const std::string& origin);
  void read_node(const std::string& path, const toml::node& node, const std::string& origin);
  void read_key(const Key& key, const toml::node& node, const std::string& where);
  void report(const std::string& where, const std::string& message);
  void report_syntax(const toml::parse_error& error, const std::string& origin);

  std::string name_;
  Experiment experiment_;
  std::vector<std::filesystem::path> chain_;   // files being read, outermost first
  std::map<std::string, std::string> set_at_;  // key -> "file:line" of the source that had the last word
  std::set<std::string> wrong_;                // keys already reported
  std::vector<std::string> errors_;
};

}  // namespace chorale::config
