// What [sweep] says: which experiments are made of one configuration. docs/sweeps.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/config/config.hpp"

namespace chorale::sweep {

struct Value {
  std::string toml;  // as a configuration has it: "\"cnn\"", "0.001"
  std::string text;  // for names and tables: "cnn", "0.001"
};

struct Setting {
  std::string key;  // "train.lr"
  Value value;
};

// One key with all its values; every combination of the values of several axes is a cell.
struct Axis {
  std::string key;
  std::vector<Value> values;
};

// A named set of values.
struct Variant {
  std::string name;
  std::vector<Setting> settings;
};

// A key whose value is drawn for each cell.
struct Draw {
  enum class Kind { kUniform, kLogUniform, kChoice };
  std::string key;
  Kind kind = Kind::kChoice;
  double low = 0, high = 0;         // kUniform, kLogUniform
  bool whole = false;               // the key takes integers
  std::vector<Value> choices = {};  // kChoice
};

struct Definition {
  std::string dir;         // the study folder
  std::int64_t ranks = 1;  // that work on one cell
  std::vector<Variant> variants;
  std::vector<Axis> axes;  // of [sweep.grid] in the order written, then split.fold, then train.seed
  std::int64_t random_cells = 0, random_seed = 0;
  std::vector<Draw> random;
};

// The table [sweep] of the file, or of the nearest file of its `extends` chain that has one, and the
// overrides that begin with "sweep.". Throws ConfigError with every error: no such table, no sweep.dir, an
// axis without values, a key that no configuration has.
Definition read_definition(const std::filesystem::path& file, const std::vector<std::string>& overrides);

// Whether an override is one of the sweep, not of its cells.
bool is_of_sweep(const std::string& override_text);

}  // namespace chorale::sweep
