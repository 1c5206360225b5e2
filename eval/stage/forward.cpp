#include "eval/stage/forward.hpp"

#include <fmt/format.h>

#include <optional>

#include "eval/embedding/collector.hpp"
#include "eval/stage/baseline_forward.hpp"
#include "eval/stage/load_model.hpp"
#include "eval/stage/task_songs.hpp"
#include "pipeline/config/model_options.hpp"
#include "pipeline/device/choice.hpp"
#include "pipeline/models/inputs.hpp"
#include "pipeline/models/precision.hpp"
#include "pipeline/models/predictions.hpp"
#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/progress.hpp"
#include "pipeline/runtime/signals.hpp"
#include "pipeline/samples/loader.hpp"

namespace chorale::eval {
Forward forward(const OpenedRun& run) {
  if (config::is_baseline(run.experiment.model.name)) return baseline_forward(run);
  const torch::InferenceMode no_gradients;
  if (run.experiment.train.threads > 0)
    torch::set_num_threads(static_cast<int>(run.experiment.train.threads));
  const auto device = device::gpu_or_cpu(run.experiment.train.device, device::visible_gpus());
  if (device.is_cuda()) device::repeat_exactly();
  const auto model = load_model(run, device);
  const samples::Input input(run.store, run.experiment.train.input);
  const samples::Vectors vectors(run.store, run.state.vector, run.parts);
  const samples::Source source(input, run.state.normaliser, run.slices,
                               static_cast<std::size_t>(run.state.frames), &vectors);
  const auto plan = samples::BatchPlan::sequential(static_cast<std::uint32_t>(run.slices.size()),
                                                   static_cast<std::size_t>(run.experiment.eval.batch_size));

  Forward result;
  result.threads = torch::get_num_threads();
  std::optional<EmbeddingCollector> embeddings;
  if (run.experiment.eval.embeddings)
    embeddings.emplace(run.results.embeddings(), songs_of(run, models::main_task(run.outputs)).of_slice);
  for (const auto& parameter : model->parameters()) result.parameters += parameter.numel();
  runtime::Progress progress("eval", run.slices.size(), "slices");
  samples::Loader loader(source, plan);
  std::size_t done = 0;
  while (const samples::Batch* batch = loader.next()) {
    if (runtime::stop_requested())
      throw runtime::Interrupted("nothing was written; run the same command again");
    const models::PrecisionGuard precision(run.experiment.train.precision, device.type());
    const auto embedding = model->embed(models::on_device(models::inputs_of(*batch), device));
    const auto outputs = model->classify(embedding);
    const auto predictions =
        models::predictions_of(outputs, run.outputs, run.state.decodings).cpu().contiguous();
    if (!torch::isfinite(predictions).all().item<bool>()) {
      throw runtime::Error(fmt::format("{}: the model's outputs are not finite; training has diverged",
                                       run.checkpoint.string()));
    }
    const float* values = predictions.const_data_ptr<float>();
    result.predictions.insert(result.predictions.end(), values, values + predictions.numel());
    if (embeddings) {
      const auto rows = embedding.to(torch::kFloat32).cpu().contiguous();
      embeddings->add({rows.const_data_ptr<float>(), static_cast<std::size_t>(rows.numel())},
                      static_cast<std::size_t>(rows.size(1)));
    }
    done += batch->tracks.size();
    progress.update(done);
  }
  if (embeddings) result.song_embeddings = embeddings->finish();
  return result;
}

}  // namespace chorale::eval
