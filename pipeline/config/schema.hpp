// The schema: one declaration per key. Parsing, validation, resolved text, hash and reference iterate over
// it.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/config/config.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/config/values.hpp"

namespace chorale::config {

struct Key {
  std::string path;  // "train.batch_size"
  std::string type, unit, meaning;
  Allowed allowed;
  bool changes_store = false;      // part of a store's hash
  std::vector<Stage> required_by;  // stages that need another value than the default
  std::function<void(const toml::node&, Experiment&)> read;  // throws ValueError
  std::function<std::string(const Experiment&)> format;      // TOML
};

// Sections with what they are about, and keys; both in the order of resolved text and reference. The keys of
// a section stand together.
const std::vector<std::pair<std::string, std::string>>& sections();
const std::vector<Key>& keys();

// Null when there is none.
const Key* find_key(const std::string& path);
bool is_section(const std::string& path);

// "train" of "train.batch_size"
std::string section_of(const Key& key);

}  // namespace chorale::config
