#include "eval/stage/other_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "eval/stage/class_mapping.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/config/values.hpp"
#include "pipeline/dataset/csv.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/samples/input.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using dataset::csv_field;
using runtime::UsageError;

bool matters(const std::string& key, const config::Train& train) {
  const std::string section = key.substr(0, key.rfind('.'));
  if (section == "clean" || key == "audio.sample_rate" || key == "audio.channel") return true;
  if (section == "features") return key != "features.store";
  if (section == "features." + train.input) return true;
  if (section == "features.mel") return train.input == "mfcc";
  return section == "features.tempogram" && !train.vector.empty();
}

std::string name_of_store(const fs::path& path) {
  return (path / "").lexically_normal().parent_path().filename().string();
}

fs::path results_folder(const OpenedRun& run, const OtherStore& other) {
  fs::path folder =
      other.results.empty() ? run.folder.dir() / "on" / name_of_store(other.path) : other.results;
  const checkpoint::RunFolder results(folder);
  bool taken = fs::weakly_canonical(folder) == fs::weakly_canonical(run.folder.dir());
  if (!taken && fs::exists(results.metrics())) {
    const auto former = metrics_from_json(runtime::read_file(results.metrics()), results.metrics().string());
    taken = fs::weakly_canonical(former.split.store) != fs::weakly_canonical(other.path);
  }
  if (taken) {
    throw UsageError(fmt::format("{}: holds the results of another evaluation; name another folder with -o",
                                 folder.string()));
  }
  return folder;
}

void require_equal_features(const OpenedRun& run, const store::Store& store) {
  auto lines = feature_differences(store.config_text(), run.state.config, run.experiment.train);
  const auto bins = static_cast<std::int64_t>(samples::Input(store, run.experiment.train.input).bins());
  if (bins != run.state.bins)
    lines.push_back(
        fmt::format("{}: {} bins here, {} there", run.experiment.train.input, bins, run.state.bins));
  if (lines.empty()) return;
  throw UsageError(fmt::format(
      "{}: its features are not those that {} was trained on (here: this store, there: the run). Ingest the "
      "collection into a store with the run's values:\n  {}",
      store.path().string(), run.folder.dir().string(), fmt::join(lines, "\n  ")));
}

// The index of the store's task that stands for the run's.
std::size_t task_of(const store::Store& store, const dataset::Task& ours, const std::string& said) {
  const auto& tasks = store.tasks();
  const std::string wanted = said.empty() ? ours.name : said;
  auto found = std::ranges::find(tasks, wanted, &dataset::Task::name);
  const auto is_single = [](const dataset::Task& task) { return task.kind == config::TaskKind::kSingle; };
  if (found == tasks.end() && said.empty() && std::ranges::count_if(tasks, is_single) == 1)
    found = std::ranges::find_if(tasks, is_single);
  if (found != tasks.end() && is_single(*found)) return static_cast<std::size_t>(found - tasks.begin());
  std::vector<std::string> names;
  names.reserve(tasks.size());
  for (const auto& task : tasks)
    names.push_back(fmt::format("{} ({})", task.name, config::name_of(task.kind)));
  throw UsageError(
      fmt::format("{}: has no task {} of kind single; it has {}. Name one by task = \"...\" in the "
                  "file of --classes",
                  store.path().string(), wanted, fmt::join(names, ", ")));
}

std::string count(std::size_t songs) { return fmt::format("{} song{}", songs, songs == 1 ? "" : "s"); }

// What a run has heard.
struct Heard {
  std::set<std::uint64_t> files;  // xxh3, of training and validation
  std::set<std::string> groups;
};

Heard heard_by(const OpenedRun& run) {
  Heard heard;
  for (std::size_t t = 0; t < run.parts.size(); ++t) {
    if (run.parts[t] != config::Part::kTrain && run.parts[t] != config::Part::kValidation) continue;
    const store::StoredTrack& row = run.store.tracks()[t];
    if (row.source_hash != 0) heard.files.insert(row.source_hash);
    if (!row.track.group.empty()) heard.groups.insert(row.track.group);
  }
  return heard;
}

// The songs of another store: which are evaluated as what, and which are not.
class Dealer {
 public:
  Dealer(const store::Store& store, std::size_t task, std::vector<std::int32_t> to, const Heard& heard)
      : store_(store), task_(task), to_(std::move(to)), heard_(heard) {}

  void deal(OpenedRun& run, std::size_t main) {
    run.parts.assign(store_.tracks().size(), config::Part::kNone);
    run.labels.assign(store_.tracks().size(), std::vector<dataset::Label>(run.outputs.size()));
    for (std::size_t t = 0; t < store_.tracks().size(); ++t) {
      const store::StoredTrack& row = store_.tracks()[t];
      if (!row.track.variant.empty()) continue;
      const std::int32_t theirs = row.track.labels[task_].index();
      const std::int32_t ours = theirs < 0 ? -1 : to_[static_cast<std::size_t>(theirs)];
      if (theirs < 0) {
        leave_out(row, "", "no label");
      } else if (ours < 0) {
        leave_out(row, class_name(theirs), "class");
      } else if (heard_.files.contains(row.source_hash)) {
        leave_out(row, class_name(theirs), "heard in training or validation");
      } else {
        run.parts[t] = run.experiment.eval.part;
        run.labels[t][main] = dataset::Label::of_class(ours);
        ++songs_;
        if (heard_.groups.contains(row.track.group)) ++familiar_;
      }
    }
  }

  std::size_t songs() const { return songs_; }
  std::size_t familiar() const { return familiar_; }  // of groups that were heard
  const std::string& csv() const { return csv_; }

  // "12 songs of classes without a counterpart (Jazz 8, Rock 4), 3 without a label"
  std::string left_out() const {
    std::vector<std::string> parts, classes;
    std::size_t songs = 0;
    for (const auto& [name, n] : of_class_) {
      classes.push_back(fmt::format("{} {}", name, n));
      songs += n;
    }
    if (songs > 0)
      parts.push_back(
          fmt::format("{} of classes without a counterpart ({})", count(songs), fmt::join(classes, ", ")));
    for (const auto& [reason, n] : of_reason_) {
      if (reason != "class") parts.push_back(fmt::format("{}, {}", count(n), reason));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
  }

 private:
  const std::string& class_name(std::int32_t index) const {
    return store_.tasks()[task_].classes[static_cast<std::size_t>(index)];
  }

  void leave_out(const store::StoredTrack& row, const std::string& label, const std::string& reason) {
    ++of_reason_[reason];
    if (reason == "class") ++of_class_[label];
    csv_ += fmt::format("{},{},{},{}\n", csv_field(row.track.id), csv_field(row.track.path), csv_field(label),
                        reason == "class" ? "a class without a counterpart" : reason);
  }

  const store::Store& store_;
  std::size_t task_;
  std::vector<std::int32_t> to_;
  const Heard& heard_;
  std::map<std::string, std::size_t> of_class_, of_reason_;
  std::size_t songs_ = 0, familiar_ = 0;
  std::string csv_ = "id,path,label,reason\n";
};

// The mapping as it was applied, in the grammar of a ClassMapping.
std::string applied(const dataset::Task& theirs, const dataset::Task& ours,
                    const std::vector<std::int32_t>& to) {
  std::string text = fmt::format("task = {}\n\n[classes]\n", config::format(theirs.name));
  for (std::size_t c = 0; c < to.size(); ++c) {
    const std::string name = to[c] < 0 ? "" : ours.classes[static_cast<std::size_t>(to[c])];
    text += fmt::format("{} = {}\n", config::format(theirs.classes[c]), config::format(name));
  }
  return text;
}

}  // namespace

std::vector<std::string> feature_differences(const std::string& store, const std::string& run,
                                             const config::Train& train) {
  std::vector<std::string> lines = config::differences(store, run);
  std::erase_if(lines,
                [&](const std::string& line) { return !matters(line.substr(0, line.find(':')), train); });
  return lines;
}

void move_to(OpenedRun& run, const OtherStore& other) {
  const std::size_t main = models::main_task(run.outputs);
  const dataset::Task& ours = run.outputs[main].task;
  if (ours.kind != config::TaskKind::kSingle) {
    throw UsageError(
        fmt::format("{}: its main task, {}, is of kind {}; only runs with a task of kind single are "
                    "evaluated on another store",
                    run.folder.dir().string(), ours.name, config::name_of(ours.kind)));
  }
  if (!fs::exists(other.path)) throw UsageError(other.path.string() + ": no such store; look at --on");
  auto store = store::Store::open(other.path);
  require_equal_features(run, store);
  const auto mapping = other.classes.empty() ? ClassMapping{} : ClassMapping::read(other.classes);
  const std::size_t task = task_of(store, ours, mapping.task);
  const auto to = mapping.apply(store.tasks()[task].classes, ours.classes);
  run.results = checkpoint::RunFolder(results_folder(run, other));

  const Heard heard = heard_by(run);
  Dealer dealer(store, task, to, heard);
  dealer.deal(run, main);
  if (dealer.songs() == 0)
    throw UsageError(
        fmt::format("{}: no song is left to evaluate: {}", other.path.string(), dealer.left_out()));
  const auto group = config::parse(store.config_text(), store.path().string()).dataset.group;
  run.split = {.kind = "all songs",
               .part = "cross-dataset: " + name_of_store(other.path),
               .group = std::string(config::name_of(group)),
               .seed = run.experiment.split.seed,
               .store = other.path.lexically_normal().string(),
               .left_out = dealer.left_out()};
  if (dealer.familiar() > 0 && group == config::GroupKind::kArtist && group == run.experiment.dataset.group) {
    run.split.warning = fmt::format(
        "Warning: {} of {} songs are by artists whose names the training part has, too; where these are "
        "the same artists, figures here are too high.",
        dealer.familiar(), dealer.songs());
  }
  run.tasks = {main};
  run.slices =
      samples::make_slices(store, run.parts, run.experiment.eval.part, samples::slice_frames(run.experiment),
                           run.experiment.train.slice_overlap);
  fs::create_directories(run.results.dir());
  runtime::write_file(run.results.config(), runtime::read_file(run.folder.config()));
  runtime::write_file(run.results.dir() / "classes.toml", applied(store.tasks()[task], ours, to));
  runtime::write_file(run.results.dir() / "left_out.csv", dealer.csv());
  if (!run.split.left_out.empty()) spdlog::info("{}: left out: {}", other.path.string(), run.split.left_out);
  run.store = std::move(store);
}

}  // namespace chorale::eval
