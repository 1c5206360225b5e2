// Evaluated runs made of files: config.toml, metrics.json, songs.csv, history.csv, timing.csv.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "eval/results/run_metrics.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::eval {

// The first class for everybody: right for the first `right` of 10 songs.
inline std::string songs_csv_of(std::int64_t fold, std::int64_t right) {
  std::string text = "id,path,group,slices,label,predicted,voted,p_a<b,p_c_d\n";
  for (std::int64_t i = 0; i < 10; ++i) {
    text += "fold" + std::to_string(fold) + "song" + std::to_string(i) + ",p,,2," +
            (i < right ? "a<b" : "c_d") + ",a<b,a<b,1,0\n";
  }
  return text;
}

// A run of fold `fold` in which `right` of 10 songs are classified well.
inline std::filesystem::path make_run(const std::filesystem::path& dir, std::int64_t fold, std::int64_t right,
                                      double lr = 1e-3, const std::string& warning = "") {
  config::Experiment experiment;
  experiment.dataset.root = "/data/songs";
  experiment.store.path = "stores/songs";
  experiment.split.kind = config::SplitKind::kFolds;
  experiment.split.fold = fold;
  experiment.run.dir = dir.string();
  experiment.train.lr = lr;
  RunMetrics metrics{.task = "genre",
                     .classes = {"a<b", "c_d"},
                     .n_songs = 10,
                     .n_slices = 20,
                     .n_groups = 10,
                     .split = {"folds", "test", "track", 5, fold, 0, warning},
                     .checkpoint = {"checkpoints/best-0002", 2, 0, "cnn", 1234},
                     .song = metrics::Confusion(2),
                     .vote = metrics::Confusion(2),
                     .slice = metrics::Confusion(2)};
  for (metrics::Confusion* confusion : {&metrics.song, &metrics.vote, &metrics.slice}) {
    confusion->add(0, 0, right);
    confusion->add(1, 0, 10 - right);
  }
  std::filesystem::create_directories(dir);
  runtime::write_file(dir / "config.toml", config::resolved(experiment));
  runtime::write_file(dir / "metrics.json", to_json(metrics));
  runtime::write_file(dir / "songs.csv", songs_csv_of(fold, right));
  runtime::write_file(dir / "history.csv",
                      "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,lr\n"
                      "1,2.0,0.2,1.9,0.3,0.001\n2,1.5,0.4,1.4,0.5,0.001\n3,1.2,0.5,1.5,0.4,0.001\n");
  runtime::write_file(dir / "timing.csv", "epoch,seconds\n1,4\n2,2\n3,3\n");
  return dir;
}

// Another configuration of a run that is there. Its model and seeds are those of metrics.json, too.
inline std::filesystem::path reconfigure(const std::filesystem::path& dir,
                                         const std::function<void(config::Experiment&)>& change) {
  auto experiment = config::parse(runtime::read_file(dir / "config.toml"), "config.toml");
  change(experiment);
  runtime::write_file(dir / "config.toml", config::resolved(experiment));
  auto metrics = metrics_from_json(runtime::read_file(dir / "metrics.json"), "metrics.json");
  metrics.checkpoint.model = experiment.model.name;
  metrics.checkpoint.seed = experiment.train.seed;
  metrics.split.seed = experiment.split.seed;
  runtime::write_file(dir / "metrics.json", to_json(metrics));
  return dir;
}

}  // namespace chorale::eval
