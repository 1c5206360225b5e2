// What the configurations of experiments do not share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/report/run.hpp"
#include "eval/tables/table.hpp"

namespace chorale::eval {

struct VariedKey {
  std::string key;                                 // "train.lr"
  std::vector<std::optional<std::string>> values;  // one an experiment, as TOML; nothing where it is not set
};

// Keys whose values differ, by name; not those that only say where files lie, nor options in which only
// different models differ.
std::vector<VariedKey> varied_keys(const std::vector<const Group*>& groups);

// A value for readers: mel of "mel". No value for none.
Cell value_cell(const std::optional<std::string>& value);

}  // namespace chorale::eval
