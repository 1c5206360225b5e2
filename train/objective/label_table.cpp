#include "train/objective/label_table.hpp"

#include <utility>
#include <vector>

namespace chorale::train {

LabelTable make_label_table(const models::Output& output, const models::Decoding& decoding, std::size_t task,
                            std::span<const store::StoredTrack> tracks, torch::Device device) {
  using config::TaskKind;
  const auto n = static_cast<std::int64_t>(tracks.size());
  const TaskKind kind = output.task.kind;
  LabelTable table{.target = {}, .known = torch::zeros({n})};
  switch (kind) {
    case TaskKind::kSingle:
    case TaskKind::kKey:
      table.target = torch::full({n}, LabelTable::kUnknown, torch::kInt64);
      break;
    case TaskKind::kMulti:
      table.target = torch::zeros({n, output.count}, torch::kUInt8);
      break;
    case TaskKind::kRegression:
      table.target = torch::zeros({n});
      break;
  }
  for (std::int64_t t = 0; t < n; ++t) {
    const dataset::Label& label = tracks[static_cast<std::size_t>(t)].track.labels.at(task);
    if (!label.known) continue;
    table.known.data_ptr<float>()[t] = 1;
    if (kind == TaskKind::kMulti) {
      for (const std::int32_t index : label.classes)
        table.target.data_ptr<std::uint8_t>()[t * output.count + index] = 1;
    } else if (kind == TaskKind::kRegression) {
      const double value = static_cast<double>(label.value);
      table.target.data_ptr<float>()[t] = static_cast<float>((value - decoding.mean) / decoding.deviation);
    } else {
      table.target.data_ptr<std::int64_t>()[t] = models::class_of(output, label);
    }
  }
  return {table.target.to(device), table.known.to(device)};
}

}  // namespace chorale::train
