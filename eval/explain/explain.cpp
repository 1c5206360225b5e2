#include "eval/explain/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "eval/explain/examples.hpp"
#include "eval/explain/explain_figure.hpp"
#include "eval/explain/mean_spectrogram.hpp"
#include "eval/stage/load_model.hpp"
#include "eval/stage/run_predictions.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/models/attribution.hpp"
#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/progress.hpp"
#include "pipeline/runtime/signals.hpp"
#include "pipeline/samples/loader.hpp"

namespace chorale::eval {
namespace {

namespace fs = std::filesystem;
using models::AttributionMethod;

// Reads slices of a run, as the network sees them and as they are drawn.
class Slices {
 public:
  explicit Slices(const OpenedRun& run)
      : input_(run.store, run.experiment.train.input),
        vectors_(run.store, run.state.vector, run.parts),
        seen_(input_, run.state.normaliser, run.slices, static_cast<std::size_t>(run.state.frames),
              &vectors_),
        drawn_normaliser_(drawn(run.state.normaliser)),
        drawn_(input_, drawn_normaliser_),
        axes_(axes_of(run.experiment, input_, run.state.normaliser)) {}
  Slices(const Slices&) = delete;
  Slices& operator=(const Slices&) = delete;

  const SpectrogramAxes& axes() const { return axes_; }

  // [frames, bins]
  std::vector<float> spectrogram(std::uint32_t slice) const { return read(drawn_, slice); }

  // A batch of one.
  models::Inputs inputs(std::uint32_t slice) const {
    const std::vector<float> values = read(seen_.reader, slice);
    const auto bins = static_cast<std::int64_t>(axes_.bins);
    const auto frames = static_cast<std::int64_t>(values.size()) / bins;
    models::Inputs inputs;
    inputs.frames = torch::tensor(values).view({1, 1, frames, bins}).transpose(2, 3);
    if (seen_.frames == 0) inputs.lengths = torch::tensor({frames});
    const auto vector = vectors_.of(seen_.slices[slice].track);
    if (!vector.empty())
      inputs.vector = torch::tensor(std::vector<float>(vector.begin(), vector.end())).view({1, -1});
    return inputs;
  }

 private:
  std::vector<float> read(const samples::SliceReader& reader, std::uint32_t slice) const {
    const samples::View view = seen_.view(slice);
    std::vector<float> values(view.frames * axes_.bins);
    reader.read(view, view.frames, values.data());
    return values;
  }

  samples::Input input_;
  samples::Vectors vectors_;
  samples::Source seen_;
  samples::Normaliser drawn_normaliser_;
  samples::SliceReader drawn_;
  SpectrogramAxes axes_;
};

class Explainer {
 public:
  Explainer(const OpenedRun& run, const Predictions& predictions, const Slices& slices)
      : run_(run), predictions_(predictions), slices_(slices), model_(load_model(run, torch::kCPU)) {}

  figures::Figure figure(const ExplainedClass& each, const std::string& file_part) {
    const auto right = explained(each.right, fmt::format("Right: {}", name(each.index)));
    const auto wrong = explained(each.wrong, wrong_heading(each));
    const bool grad_cam = method_ == AttributionMethod::kGradCam;
    return explain_figure("explain_" + file_part, texts(each, grad_cam), slices_.axes(),
                          grad_cam ? Outline::kHalf : Outline::kNone, right, wrong);
  }

 private:
  std::optional<ExplainedSlice> explained(const std::optional<Example>& example, const std::string& heading) {
    if (!example) return std::nullopt;
    const std::uint32_t slice = predictions_.of_run[example->slice];
    const std::int64_t column = predictions_.output.first + static_cast<std::int64_t>(example->predicted);
    const auto attribution = models::attribute(*model_, slices_.inputs(slice), torch::tensor({column}));
    method_ = attribution.method;
    const torch::Tensor heat = attribution.map[0].t().contiguous();  // [frames, bins]
    const float* values = heat.const_data_ptr<float>();
    return ExplainedSlice{.heading = fmt::format("{}, p = {:.2f}", heading, example->probability),
                          .song = predictions_.songs[predictions_.slices.song[example->slice]].id,
                          .start = predictions_.starts[example->slice],
                          .spectrogram = slices_.spectrogram(slice),
                          .heat = std::vector<float>(values, values + heat.numel())};
  }

  ExplainTexts texts(const ExplainedClass& each, bool grad_cam) const {
    const char* lacking =
        is_multi() ? "No other song's slice is taken for {}" : "No slice of {} is taken for another class";
    return {
        .title = fmt::format("{}: what the {} goes by, {}", name(each.index), run_.state.model,
                             part_text(run_.split)),
        .note = grad_cam
                    ? "The slices it was most sure of. Heat: Grad-CAM of the predicted class, as a share of "
                      "its largest value; line: half of that."
                    : "The slices it was most sure of. Heat: saliency, |d score of the predicted class / d "
                      "input|, not smoothed, as a share of its largest value.",
        .without_right = fmt::format("No slice of {0} is taken for {0}", name(each.index)),
        .without_wrong = fmt::format(fmt::runtime(lacking), name(each.index))};
  }

  std::string wrong_heading(const ExplainedClass& each) const {
    if (!each.wrong) return "";
    if (is_multi()) return fmt::format("Wrong: taken for {}", name(each.index));
    return fmt::format("Wrong: {} taken for {}", name(each.index), name(each.wrong->predicted));
  }

  bool is_multi() const { return predictions_.output.task.kind == config::TaskKind::kMulti; }
  const std::string& name(std::size_t index) const { return predictions_.output.task.classes[index]; }

  const OpenedRun& run_;
  const Predictions& predictions_;
  const Slices& slices_;
  std::shared_ptr<models::Model> model_;
  AttributionMethod method_ = AttributionMethod::kSaliency;
};

void stop_if_asked() {
  if (runtime::stop_requested())
    throw runtime::Interrupted("the figures of eval.explain are not complete; run the same command again");
}

std::vector<ClassMean> mean_spectrograms(const Predictions& predictions, const Slices& slices,
                                         const std::vector<ExplainedClass>& classes) {
  std::vector<ClassMean> means;
  means.reserve(classes.size());
  for (const ExplainedClass& each : classes)
    means.push_back({predictions.output.task.classes[each.index], MeanSpectrogram(slices.axes().bins)});
  runtime::Progress progress("mean spectrograms", predictions.slices.size(), "slices");
  for (std::size_t i = 0; i < predictions.slices.size(); ++i) {
    stop_if_asked();
    const std::vector<float> spectrogram = slices.spectrogram(predictions.of_run[i]);
    for (const std::size_t predicted : predicted_classes(predictions, i)) {
      const auto shown = std::ranges::find(classes, predicted, &ExplainedClass::index);
      if (shown != classes.end())
        means[static_cast<std::size_t>(shown - classes.begin())].mean.add(spectrogram);
    }
    progress.update(i + 1);
  }
  return means;
}

}  // namespace

void write_explanations(const OpenedRun& run, const Forward& forward) {
  const fs::path folder = run.results.figures() / "explain";
  fs::remove_all(folder);
  if (!run.experiment.eval.explain) return;
  const Predictions predictions = predictions_of(run, forward, models::main_task(run.outputs));
  const std::vector<ExplainedClass> classes = choose_examples(predictions);
  const std::vector<std::string>& names = predictions.output.task.classes;
  if (classes.size() == kMostExplained && names.size() > kMostExplained) {
    spdlog::info("eval.explain: the {} of {} classes that have the most songs", classes.size(), names.size());
  }
  const Slices slices(run);
  const std::vector<std::string> file_parts = safe_names(names);
  Explainer explainer(run, predictions, slices);
  for (const ExplainedClass& each : classes) {
    stop_if_asked();
    if (each.right || each.wrong)
      figures::write_figure(explainer.figure(each, file_parts[each.index]), folder);
  }
  const auto means = mean_spectrograms(predictions, slices, classes);
  if (std::ranges::all_of(means, [](const ClassMean& each) { return each.mean.slices() == 0; })) return;
  const std::string title = fmt::format("{}, {}: mean of the slices that are taken for each class",
                                        run.state.model, part_text(run.split));
  figures::write_figure(mean_spectrogram_figure("mean_spectrogram", title, slices.axes(), means), folder);
}

}  // namespace chorale::eval
