// Validation of all kinds of tasks, on any number of ranks, is what a plain loop over all slices gives.
#include "train/loop/validation.hpp"

#include <map>

#include "mpi/mpi_main.hpp"
#include "pipeline/comm/mpi_communicator.hpp"
#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/dataset/keys.hpp"
#include "pipeline/metrics/keys.hpp"
#include "pipeline/models/inputs.hpp"
#include "pipeline/runtime/random.hpp"
#include "pipeline/store/shard_writer.hpp"
#include "support/mel_store.hpp"
#include "support/temporary_folder.hpp"
#include "support/tensors.hpp"

namespace chorale::train {
namespace {

constexpr std::size_t kBins = 8, kTracks = 24;

std::vector<dataset::Task> tasks() {
  return {{"genre", config::TaskKind::kSingle, {"blues", "rock"}},
          {"tags", config::TaskKind::kMulti, {"calm", "dark", "loud"}},
          {"tempo", config::TaskKind::kRegression, {}},
          {"key", config::TaskKind::kKey, dataset::key_names()}};
}

config::Experiment small_experiment(const std::string& store) {
  config::Experiment experiment;
  experiment.store.path = store;
  experiment.store.tracks_per_shard = kTracks;
  experiment.features.mel.n_mels = kBins;
  experiment.model = config::model_defaults("cnn");
  experiment.model.channels = {4};
  experiment.model.hidden = {8};
  experiment.train.slice_seconds = 0.3;
  experiment.split.validation = experiment.split.test = 0.25;
  experiment.eval.batch_size = 3;
  experiment.train.task_weights = {{"tempo", 0.5}};
  experiment.dataset.tasks.clear();
  for (const auto& task : tasks()) experiment.dataset.tasks.emplace_back(task.name, task.kind);
  return experiment;
}

// Of each task, every fifth label is missing, but never all of a track.
std::vector<dataset::Label> labels_of(std::size_t track) {
  using dataset::Label;
  const auto t = static_cast<std::int32_t>(track);
  const std::vector<std::vector<std::int32_t>> tags = {{}, {0}, {0, 1}, {2}, {1, 2}};
  std::vector<Label> labels = {Label::of_class(t % 2), Label::of_classes(tags[track / 2 % 5]),
                               Label::of_value(static_cast<float>(90 + 3 * t)), Label::of_class(5 * t % 24)};
  if (track % 5 < labels.size()) labels[track % 5] = {};
  return labels;
}

// Noise of 40 to 63 frames.
void write_store(const config::Experiment& experiment) {
  const store::StoreHeader header{.config_text = config::resolved_store(experiment),
                                  .config_hash = config::store_hash(experiment),
                                  .program_version = "0.1.0",
                                  .tasks = tasks(),
                                  .features = {testing_support::mel_feature(kBins)}};
  store::ShardWriter writer(header, 0, "catalogue");
  for (std::size_t t = 0; t < kTracks; ++t) {
    runtime::RandomStream noise(3, {t});
    std::vector<float> mel((40 + t) * kBins);
    for (float& value : mel) value = static_cast<float>(noise.uniform(-60, 0));
    store::StoredTrack row;
    row.track.id = row.track.path = "track" + std::to_string(t);
    row.track.labels = labels_of(t);
    testing_support::add_mel(writer, row, mel);
  }
  writer.write(experiment.store.path);
  store::write_index(experiment.store.path, header, 1);
}

// A mean, of what is known.
struct Mean {
  double sum = 0;
  int n = 0;
  void add(double value) {
    sum += value;
    ++n;
  }
  double value() const { return sum / n; }
};

torch::Tensor outputs_of(models::Model& model, const TrainingData& data, samples::Slice slice) {
  samples::Batch one;
  one.samples = {0};
  one.views = {{slice, static_cast<std::uint32_t>(data.frames())}};
  one.frames = data.frames();
  one.bins = kBins;
  one.inputs.resize(data.frames() * kBins);
  data.validation().reader.read(one.views[0], data.frames(), one.inputs.data());
  return model.forward(models::inputs_of(one)).squeeze(0);
}

// Columns: genre 0-1, tags 2-4, tempo 5, key 6-29.
std::map<std::string, double> expected(models::Model& model, const TrainingData& data) {
  const torch::NoGradGuard no_grad;
  model.eval();
  const auto& tempo = data.label_statistics()[2];
  Mean genre_loss, tempo_loss, slices_right, songs_right, tempo_error, key_score;
  std::map<std::uint32_t, std::pair<torch::Tensor, int>> songs;  // summed probabilities and values
  for (const auto slice : data.validation().slices) {
    const auto out = outputs_of(model, data, slice);
    const auto genre = out.slice(0, 0, 2).softmax(0);
    const auto value = out[5] * tempo.deviation + tempo.mean;
    const auto labels = labels_of(slice.track);
    if (labels[0].known) {
      genre_loss.add(-std::log(genre[labels[0].index()].item<double>()));
      slices_right.add(genre.argmax().item<std::int64_t>() == labels[0].index());
    }
    if (labels[2].known) {
      const double error = std::abs((labels[2].value - tempo.mean) / tempo.deviation - out[5].item<double>());
      tempo_loss.add(error < 1 ? 0.5 * error * error : error - 0.5);
    }
    const auto all =
        torch::cat({genre, out.slice(0, 2, 5).sigmoid(), value.unsqueeze(0), out.slice(0, 6).softmax(0)});
    const auto [song, added] = songs.try_emplace(slice.track, all, 1);
    if (!added) song->second = {song->second.first + all, song->second.second + 1};
  }
  for (const auto& [track, song] : songs) {
    const auto mean = song.first / song.second;
    const auto labels = labels_of(track);
    if (labels[0].known)
      songs_right.add(mean.slice(0, 0, 2).argmax().item<std::int64_t>() == labels[0].index());
    if (labels[2].known) tempo_error.add(std::abs(mean[5].item<double>() - labels[2].value));
    if (labels[3].known)
      key_score.add(metrics::key_score(labels[3].index(), mean.slice(0, 6).argmax().item<std::int32_t>()));
  }
  return {{"genre.loss", genre_loss.value()},
          {"tempo.loss", tempo_loss.value()},
          {"genre.slice_accuracy", slices_right.value()},
          {"genre.song_accuracy", songs_right.value()},
          {"accuracy", songs_right.value()},
          {"tempo.mean_absolute_error", tempo_error.value()},
          {"key.weighted_score", key_score.value()}};
}

TEST(Validate, IsTheSameOnAnyNumberOfRanks) {
  const auto& session = testing_support::mpi_session();
  const testing_support::TemporaryFolder scratch;
  const auto folder = comm::from_rank_zero(session, [&] {
    write_store(small_experiment(scratch.path()));
    return scratch.path().string();
  });
  const auto experiment = small_experiment(folder);
  const TrainingData data(session, experiment, std::nullopt);
  torch::manual_seed(4);
  const auto model = models::make_model(experiment.model, data.shape(), models::width(data.outputs()));
  const Objective objective(data.outputs(), experiment.train, data.label_statistics(), data.store().tracks());
  const auto communicator = comm::make_mpi_communicator(session);

  const auto validation =
      validate(*model, data, {data, experiment.train, torch::kCPU}, objective, experiment, *communicator);
  ASSERT_TRUE(validation);
  const auto value_of = [&](const std::string& name) { return monitored(validation->metrics, name).value; };
  for (const auto& [name, value] : expected(*model, data))
    EXPECT_NEAR(value_of(name), value, 1e-5 * std::max(1.0, value)) << name;  // float sums in other batches
  EXPECT_NEAR(
      value_of("loss"),
      value_of("genre.loss") + value_of("tags.loss") + 0.5 * value_of("tempo.loss") + value_of("key.loss"),
      1e-12);
  EXPECT_EQ(validation->thresholds.at(0).size(), 0u);
  EXPECT_EQ(validation->thresholds.at(1).size(), 3u);
  EXPECT_GE(value_of("tags.macro_f1"), 0.5);  // tuned on these very songs
  session.barrier();                          // the store is the first rank's
}

}  // namespace
}  // namespace chorale::train
