// Validation on any number of ranks is what a plain loop over all slices gives.
#include "train/loop/validation.hpp"

#include <map>

#include "mpi/mpi_main.hpp"
#include "pipeline/comm/mpi_communicator.hpp"
#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/models/inputs.hpp"
#include "pipeline/runtime/random.hpp"
#include "pipeline/store/shard_writer.hpp"
#include "support/mel_store.hpp"
#include "support/temporary_folder.hpp"
#include "support/tensors.hpp"

namespace chorale::train {
namespace {

constexpr std::size_t kBins = 8, kTracks = 24;

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
  return experiment;
}

// Noise of 40 to 63 frames, two classes.
void write_store(const config::Experiment& experiment) {
  const store::StoreHeader header{.config_text = config::resolved_store(experiment),
                                  .config_hash = config::store_hash(experiment),
                                  .program_version = "0.1.0",
                                  .tasks = {{"genre", config::TaskKind::kSingle, {"blues", "rock"}}},
                                  .features = {testing_support::mel_feature(kBins)}};
  store::ShardWriter writer(header, 0, "catalogue");
  for (std::size_t t = 0; t < kTracks; ++t) {
    runtime::RandomStream noise(3, {t});
    std::vector<float> mel((40 + t) * kBins);
    for (float& value : mel) value = static_cast<float>(noise.uniform(-60, 0));
    store::StoredTrack row;
    row.track.id = row.track.path = "track" + std::to_string(t);
    row.track.labels = {dataset::Label::of_class(static_cast<std::int32_t>(t % 2))};
    testing_support::add_mel(writer, row, mel);
  }
  writer.write(experiment.store.path);
  store::write_index(experiment.store.path, header, 1);
}

std::int64_t label_of(const TrainingData& data, std::uint32_t track) {
  return data.store().tracks()[track].track.labels.front().index();
}

Validation expected(models::Model& model, const TrainingData& data) {
  const torch::NoGradGuard no_grad;
  model.eval();
  const auto& source = data.validation();
  double loss = 0, correct = 0, songs_right = 0;
  std::map<std::uint32_t, torch::Tensor> songs;
  for (const auto slice : source.slices) {
    samples::Batch one;
    one.samples = {0};
    one.views = {{slice, static_cast<std::uint32_t>(data.frames())}};
    one.frames = data.frames();
    one.bins = kBins;
    one.inputs.resize(data.frames() * kBins);
    source.reader.read(one.views[0], data.frames(), one.inputs.data());
    const auto probabilities = model.forward(models::inputs_of(one)).softmax(1).squeeze(0);
    const auto label = label_of(data, slice.track);
    loss -= std::log(probabilities[label].item<double>());
    correct += probabilities.argmax().item<std::int64_t>() == label;
    const auto [song, added] = songs.emplace(slice.track, probabilities);
    if (!added) song->second = song->second + probabilities;
  }
  for (const auto& [track, sum] : songs)
    songs_right += sum.argmax().item<std::int64_t>() == label_of(data, track);
  const auto slices = static_cast<double>(source.slices.size());
  return {loss / slices, correct / slices, songs_right / static_cast<double>(songs.size())};
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
  const auto communicator = comm::make_mpi_communicator(session);

  const auto validation = validate(*model, data, experiment, *communicator);
  const auto plain = expected(*model, data);
  ASSERT_TRUE(validation);
  EXPECT_NEAR(validation->loss, plain.loss, 1e-5);  // float logits in batches of another size
  EXPECT_DOUBLE_EQ(validation->accuracy, plain.accuracy);
  EXPECT_DOUBLE_EQ(validation->song_accuracy, plain.song_accuracy);
  session.barrier();  // the store is the first rank's
}

}  // namespace
}  // namespace chorale::train
