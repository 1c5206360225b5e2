#include "eval/report/run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "eval/report/study.hpp"
#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;

std::vector<JudgedSong> read_songs(const fs::path& path, const std::vector<std::string>& classes) {
  const auto csv = dataset::Csv::read(path);
  const auto class_at = [&](std::size_t row, const char* column) {
    const std::string name = csv.at(row, column);
    const auto found = std::ranges::find(classes, name);
    if (found != classes.end()) return static_cast<std::int32_t>(found - classes.begin());
    throw runtime::UsageError(
        fmt::format("{}: row {}: \"{}\" is no class of metrics.json beside it; run chorale eval "
                    "on the run again",
                    path.string(), row + 1, name));
  };
  std::vector<JudgedSong> songs;
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    songs.push_back(
        {csv.at(row, "id"), csv.at(row, "group"), class_at(row, "label"), class_at(row, "predicted")});
  }
  return songs;
}

// Of a run folder STUDY/runs/<cell>.
std::string name_in_study(const fs::path& dir) {
  const fs::path path = fs::absolute(dir).lexically_normal();
  if (path.parent_path().filename() != "runs") return "";
  const auto cells = read_index(path.parent_path().parent_path());
  const auto cell = std::ranges::find(cells, path.filename().string(), &IndexedCell::name);
  return cell == cells.end() ? "" : cell->experiment;
}

Run read_run(const fs::path& dir) {
  const checkpoint::RunFolder folder(dir);
  Run run;
  run.dir = dir;
  run.experiment_name = name_in_study(dir);
  run.config = runtime::read_file(folder.config());
  if (fs::exists(folder.environment())) run.environment = runtime::read_file(folder.environment());
  const std::string metrics = runtime::read_file(folder.metrics());
  run.metrics = metrics_from_json(metrics, folder.metrics().string());
  run.task_scores = task_scores_from_json(metrics);
  run.experiment = config::parse(run.config, folder.config().string());
  if (!run.metrics.classes.empty()) run.songs = read_songs(folder.songs(), run.metrics.classes);
  if (!run.metrics.classes.empty() && static_cast<std::int64_t>(run.songs.size()) != run.metrics.n_songs) {
    throw runtime::UsageError(
        fmt::format("{0}: songs.csv has {1} songs, metrics.json {2}; run again: chorale eval {0}",
                    dir.string(), run.songs.size(), run.metrics.n_songs));
  }
  if (fs::exists(folder.history())) run.history = read_history(folder);
  const auto best = folder.best();
  if (best && best->filename() != fs::path(run.metrics.checkpoint.path).filename()) {
    throw runtime::UsageError(
        fmt::format("{0}: trained on since it was evaluated; run again: chorale eval {0}", dir.string()));
  }
  return run;
}

void name_runs(std::vector<Run>& runs) {
  std::map<std::string, int> uses;
  const auto last_part = [](const Run& run) {
    return fs::absolute(run.dir).lexically_normal().filename().string();
  };
  for (const Run& run : runs) ++uses[last_part(run)];
  for (Run& run : runs) run.name = uses[last_part(run)] == 1 ? last_part(run) : run.dir.string();
}

std::string without_repetition(config::Experiment experiment) {
  const config::Experiment defaults;
  experiment.run.dir = defaults.run.dir;
  experiment.train.seed = defaults.train.seed;
  experiment.split.seed = defaults.split.seed;
  experiment.split.fold = defaults.split.fold;
  experiment.train.threads = defaults.train.threads;
  return config::resolved(experiment);
}

std::string label_of(const Run& run) {
  const std::string data = fs::path(run.experiment.dataset.root).lexically_normal().filename().string();
  const SplitInfo& split = run.metrics.split;
  const std::string part = split.part == "test" ? "" : ", " + part_text(split);
  if (!run.experiment_name.empty()) return run.experiment_name + part;
  return run.metrics.checkpoint.model + (data.empty() ? "" : " on " + data) + part;
}

}  // namespace

std::vector<std::string> what_is_missing(const std::vector<fs::path>& dirs) {
  std::vector<std::string> lines;
  for (const auto& dir : dirs) {
    const checkpoint::RunFolder folder(dir);
    if (!fs::exists(folder.config())) {
      lines.push_back(fmt::format("{}: not a run folder, it has no config.toml", dir.string()));
    } else if (!fs::exists(folder.metrics())) {
      lines.push_back(fmt::format("{0}: not evaluated yet; run: chorale eval {0}", dir.string()));
    } else if (!fs::exists(folder.songs())) {
      lines.push_back(fmt::format("{0}: has no songs.csv with its predictions; run again: chorale eval {0}",
                                  dir.string()));
    }
  }
  return lines;
}

std::optional<double> seconds_per_epoch(const Run& run) {
  double sum = 0;
  int epochs = 0;
  for (const Epoch& epoch : run.history) {
    if (!epoch.seconds) continue;
    sum += *epoch.seconds;
    ++epochs;
  }
  return epochs > 0 ? std::optional(sum / epochs) : std::nullopt;
}

std::vector<Run> read_runs(const std::vector<fs::path>& given) {
  std::vector<fs::path> dirs;
  for (const auto& dir : given) {
    const fs::path normal = (dir / "").lexically_normal().parent_path();  // without a slash at the end
    if (std::find(dirs.begin(), dirs.end(), normal) == dirs.end()) dirs.push_back(normal);
  }
  if (const auto missing = what_is_missing(dirs); !missing.empty())
    throw runtime::UsageError(fmt::format("{}", fmt::join(missing, "\n")));
  std::vector<Run> runs;
  runs.reserve(dirs.size());
  for (const auto& dir : dirs) runs.push_back(read_run(dir));
  name_runs(runs);
  return runs;
}

// What tells an experiment from another of the same label, such as "train.lr 0.0001"; empty where that is
// long.
std::string distinction(const std::string& config, const std::string& other) {
  constexpr std::size_t kLongest = 60;
  std::vector<std::string> parts;
  for (const std::string& line : config::differences(config, other)) {
    const auto key = line.find(": "), end = line.find(" here, ");
    parts.push_back(line.substr(0, key) + " " + line.substr(key + 2, end - key - 2));
  }
  const std::string text = fmt::format("{}", fmt::join(parts, ", "));
  return text.size() <= kLongest ? text : "";
}

std::vector<Group> group_runs(const std::vector<Run>& runs) {
  using Key = std::tuple<std::string, std::string, std::vector<std::string>>;
  std::vector<Group> groups;
  std::map<Key, std::size_t> place;
  std::map<std::string, std::vector<std::size_t>> labelled;  // groups of the same model, collection and part
  for (const Run& run : runs) {
    const std::string config = without_repetition(run.experiment);
    const auto [entry, added] =
        place.try_emplace(Key{config, run.metrics.split.part, run.metrics.classes}, groups.size());
    if (added) {
      const std::string label = label_of(run);
      auto& same = labelled[label];
      std::string what = same.empty() ? "" : distinction(config, groups[same.front()].config);
      if (!same.empty() && what.empty()) what = std::to_string(same.size() + 1);
      groups.push_back({same.empty() ? label : fmt::format("{} ({})", label, what), config, {}});
      same.push_back(groups.size() - 1);
    }
    groups[entry->second].runs.push_back(&run);
  }
  return groups;
}

std::int64_t Group::n_songs() const {
  std::int64_t sum = 0;
  for (const Run* run : runs) sum += run->metrics.n_songs;
  return sum;
}

metrics::Confusion Group::pooled() const {
  metrics::Confusion sum(runs.front()->metrics.classes.size());
  for (const Run* run : runs) sum += run->metrics.song;
  return sum;
}

std::vector<double> Group::values(double (*measure)(const RunMetrics&)) const {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const Run* run : runs) values.push_back(measure(run->metrics));
  return values;
}

std::vector<Judged> Group::songs() const {
  std::vector<Judged> songs;
  for (const Run* run : runs) {
    for (const JudgedSong& song : run->songs) songs.push_back({song.truth, song.predicted, song.unit()});
  }
  return songs;
}

bool Group::is_folds() const {
  std::set<std::int64_t> folds, seeds;
  for (const Run* run : runs) {
    if (run->metrics.split.folds == 0 || run->experiment.split.by == config::SplitBy::kSlice) return false;
    folds.insert(run->metrics.split.fold);
    seeds.insert(run->metrics.split.seed);
  }
  return folds.size() == runs.size() && seeds.size() == 1;
}

}  // namespace chorale::eval
