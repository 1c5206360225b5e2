#include "train/data/resident_frames.hpp"

#include <algorithm>
#include <cstring>

#include "pipeline/device/copies.hpp"

namespace chorale::train {
namespace {

torch::ScalarType type_of(config::StoreType type) {
  return type == config::StoreType::kHalf ? torch::kFloat16 : torch::kFloat32;
}

// Numbers of each view on the device, columns of shape [n, 1, 1].
class Columns {
 public:
  explicit Columns(const torch::Tensor& host, torch::Device device)
      : columns_(device::upload(host, device).unsqueeze(-1).unsqueeze(-1)) {}
  torch::Tensor operator[](std::int64_t column) const { return columns_[column]; }

 private:
  torch::Tensor columns_;
};

enum ScalingColumn { kUpper, kShift, kLower, kOffset, kFactor, kPadding, kScalingColumns };

Columns scalings_of(const samples::SliceReader& reader, std::span<const samples::View> views,
                    torch::Device device) {
  const auto host = torch::empty({kScalingColumns, static_cast<std::int64_t>(views.size())});
  auto values = host.accessor<float, 2>();
  for (std::size_t v = 0; v < views.size(); ++v) {
    const auto i = static_cast<std::int64_t>(v);
    const auto level = reader.level_of(views[v]);
    const auto own = reader.normaliser().scaling(level, views[v].gain);
    const auto padding = reader.normaliser().scaling(level);
    values[kUpper][i] = own.upper;
    values[kShift][i] = own.shift;
    values[kLower][i] = own.lower;
    values[kOffset][i] = own.offset;
    values[kFactor][i] = own.factor;
    values[kPadding][i] =
        std::max(std::min(samples::SliceReader::kSilence, padding.upper) + padding.shift, padding.lower);
  }
  return Columns(host, device);
}

}  // namespace

ResidentFrames::ResidentFrames(const samples::SliceReader& reader, std::span<const config::Part> parts,
                               torch::Device device)
    : reader_(reader) {
  const auto& input = reader.input();
  const auto bins = static_cast<std::int64_t>(input.bins());
  std::int64_t frames = 0;
  for (std::size_t track = 0; track < parts.size(); ++track) {
    first_.push_back(frames);
    if (parts[track] != config::Part::kNone) frames += static_cast<std::int64_t>(input.frames(track));
  }
  rows_ = torch::empty({frames, bins}, torch::dtype(type_of(input.type())).device(device));
  for (std::size_t track = 0; track < parts.size(); ++track) {
    if (parts[track] == config::Part::kNone) continue;
    const auto stored = input.stored(track);
    const auto count = static_cast<std::int64_t>(input.frames(track));
    const auto staged = torch::empty({count, bins}, type_of(input.type()));
    std::memcpy(staged.mutable_data_ptr(), stored.data(), stored.size());
    rows_.narrow(0, first_[track], count).copy_(staged);
  }
  if (reader.normaliser().kind == config::Normalisation::kBinZScore) {
    mean_ = torch::tensor(reader.normaliser().mean).to(device);
    scale_ = torch::tensor(reader.normaliser().scale).to(device);
  }
}

torch::Tensor ResidentFrames::gather(std::span<const samples::View> views, std::size_t frames) const {
  const auto n = static_cast<std::int64_t>(views.size()), width = static_cast<std::int64_t>(frames);
  const auto device = rows_.device();
  const auto host = torch::empty({2, n}, torch::kInt64);
  auto rows = host.accessor<std::int64_t, 2>();
  bool padded = false;
  for (std::size_t v = 0; v < views.size(); ++v) {
    const auto count = static_cast<std::int64_t>(reader_.own_frames(views[v]));
    rows[0][static_cast<std::int64_t>(v)] = first_[views[v].slice.track] + views[v].slice.first;
    rows[1][static_cast<std::int64_t>(v)] = count;
    padded = padded || count < width;
  }
  const Columns places(host, device);
  const auto frame = torch::arange(width, torch::dtype(torch::kInt64).device(device)).view({1, -1, 1});
  const auto own = frame < places[1];  // [n, frames, 1]
  const auto index = (places[0] + torch::minimum(frame, places[1] - 1)).flatten();
  auto values = rows_.index_select(0, index).to(torch::kFloat32).view({n, width, rows_.size(1)});

  const Columns scaling = scalings_of(reader_, views, device);
  values = values.clamp_max(scaling[kUpper]).add_(scaling[kShift]).clamp_min_(scaling[kLower]);
  const bool decibels = reader_.input().scale() == store::FeatureScale::kDecibel;
  if (padded && decibels) values = torch::where(own, values, scaling[kPadding]);
  if (mean_.defined()) {
    values.sub_(mean_).mul_(scale_);
  } else {
    values.sub_(scaling[kOffset]).mul_(scaling[kFactor]);
  }
  if (padded && !decibels) values = torch::where(own, values, torch::zeros({}, values.options()));
  return values.transpose(1, 2).unsqueeze(1);
}

}  // namespace chorale::train
