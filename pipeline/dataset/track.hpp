// Tracks and label schemas: what the catalogue finds, the store keeps and the splits deal out.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/config/experiment.hpp"

namespace chorale::dataset {

// One label column. Classes are in their stored order, which is the order of a model's outputs.
struct Task {
  std::string name;
  config::TaskKind kind = config::TaskKind::kSingle;
  std::vector<std::string> classes;
};

// What a track is, in one task.
struct Label {
  bool known = false;
  // Indices into Task::classes, ascending. single, key: one; multi: any number; regression: none.
  std::vector<std::int32_t> classes;
  float value = 0;  // regression

  static Label of_class(std::int32_t index) { return {true, {index}, 0}; }
  static Label of_classes(std::vector<std::int32_t> ascending) { return {true, std::move(ascending), 0}; }
  static Label of_value(float value) { return {true, {}, value}; }
  // single, key: the class, -1 when it is unknown.
  std::int32_t index() const { return known && !classes.empty() ? classes.front() : -1; }

  bool operator==(const Label&) const = default;
};

// The same text for the same labels, and no other: what hashes are made of.
std::string to_text(const std::vector<Label>& labels);

// One audio file of a collection, or a variant made from its audio.
struct Track {
  std::string id;     // unique; the catalogue's sort key ("rock/rock.00012")
  std::string path;   // relative to dataset.root
  std::string group;  // what must not straddle splits; empty until known (artist from the file's tags)
  std::string split;  // the dataset's own part or fold, empty where it has none
  std::vector<Label> labels;  // one a task, in the order of the tasks
  // Empty for the recording itself; else how it was changed ("pitch_shift_-2"). A variant has the path, group
  // and labels of its recording, and the id RECORDING~VARIANT. It serves training alone.
  std::string variant = {};
};

// A track without a group is one of its own.
inline const std::string& group_name(const Track& track) {
  return track.group.empty() ? track.id : track.group;
}

}  // namespace chorale::dataset
