// One label column of a manifest.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/dataset/track.hpp"

namespace chorale::catalogue {

class LabelColumn {
 public:
  LabelColumn(std::string name, config::TaskKind kind) : name_(std::move(name)), kind_(kind) {}

  // The label that a field says, its classes in the order in which they were first met. An empty field:
  // unknown.
  //  - single: the text; multi: texts between '|', or a JSON list of texts, "[]" for none of the classes;
  //  - regression: a finite number; key: as dataset::key_named() reads it.
  // Throws std::invalid_argument, saying what is wrong.
  dataset::Label read(std::string_view field);

  // The task, its classes sorted by name in byte order (a key's are always all 24), and for each class in the
  // order of meeting its index there.
  dataset::Task task() const;
  std::vector<std::int32_t> final_indices() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::int32_t index_of(std::string_view name);
  dataset::Label read_list(std::string_view field);

  std::string name_;
  config::TaskKind kind_;
  std::vector<std::string> met_;
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> index_;
};

// Puts final indices in place of those of meeting.
void renumber(dataset::Label& label, std::span<const std::int32_t> final_indices);

}  // namespace chorale::catalogue
