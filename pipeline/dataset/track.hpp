// Tracks and label schemas: what the catalogue finds, the store keeps and the splits deal out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pipeline/config/experiment.hpp"

namespace chorale::dataset {

// One label column. Classes are in their stored order, which is the order of a model's outputs.
struct Task {
  std::string name;
  config::TaskKind kind = config::TaskKind::kSingle;
  std::vector<std::string> classes;
};

// One audio file of a collection.
struct Track {
  std::string id;     // unique; the catalogue's sort key ("rock/rock.00012")
  std::string path;   // relative to dataset.root
  std::string group;  // what must not straddle splits; empty until known (artist from the file's tags)
  std::string split;  // the dataset's own part or fold, empty where it has none
  std::vector<std::int32_t> labels;  // one class index a task, in the order of the tasks; -1: unknown
};

}  // namespace chorale::dataset
