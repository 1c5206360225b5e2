// The names of enumeration values as they are written in TOML.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/config/experiment.hpp"

namespace chorale::config {

// Names<E>::kValues: each value of E with its name. An enumeration that a key uses must have one.
template <class E>
struct Names;

template <class E, std::size_t N>
using NameTable = std::array<std::pair<E, std::string_view>, N>;

template <>
struct Names<DatasetKind> {
  static constexpr NameTable<DatasetKind, 4> kValues = {{{DatasetKind::kFolder, "folder"},
                                                         {DatasetKind::kGtzan, "gtzan"},
                                                         {DatasetKind::kFma, "fma"},
                                                         {DatasetKind::kManifest, "manifest"}}};
};
template <>
struct Names<GroupKind> {
  static constexpr NameTable<GroupKind, 3> kValues = {
      {{GroupKind::kTrack, "track"}, {GroupKind::kArtist, "artist"}, {GroupKind::kPattern, "pattern"}}};
};
template <>
struct Names<TaskKind> {
  static constexpr NameTable<TaskKind, 4> kValues = {{{TaskKind::kSingle, "single"},
                                                      {TaskKind::kMulti, "multi"},
                                                      {TaskKind::kRegression, "regression"},
                                                      {TaskKind::kKey, "key"}}};
};
template <>
struct Names<Artists> {
  static constexpr NameTable<Artists, 2> kValues = {{{Artists::kKeep, "keep"}, {Artists::kIgnore, "ignore"}}};
};
template <>
struct Names<SplitBy> {
  static constexpr NameTable<SplitBy, 3> kValues = {
      {{SplitBy::kGroup, "group"}, {SplitBy::kTrack, "track"}, {SplitBy::kSlice, "slice"}}};
};
template <>
struct Names<SplitKind> {
  static constexpr NameTable<SplitKind, 4> kValues = {{{SplitKind::kOfficial, "official"},
                                                       {SplitKind::kStratified, "stratified"},
                                                       {SplitKind::kFolds, "folds"},
                                                       {SplitKind::kFile, "file"}}};
};
template <>
struct Names<Channel> {
  static constexpr NameTable<Channel, 3> kValues = {
      {{Channel::kMean, "mean"}, {Channel::kLeft, "left"}, {Channel::kRight, "right"}}};
};
template <>
struct Names<Denoise> {
  static constexpr NameTable<Denoise, 2> kValues = {
      {{Denoise::kNone, "none"}, {Denoise::kStationary, "stationary"}}};
};
template <>
struct Names<StftScale> {
  static constexpr NameTable<StftScale, 2> kValues = {
      {{StftScale::kMagnitude, "magnitude"}, {StftScale::kDb, "db"}}};
};
template <>
struct Names<StoreType> {
  static constexpr NameTable<StoreType, 2> kValues = {
      {{StoreType::kHalf, "f16"}, {StoreType::kFloat, "f32"}}};
};
template <>
struct Names<Reference> {
  static constexpr NameTable<Reference, 2> kValues = {{{Reference::kOne, "one"}, {Reference::kMax, "max"}}};
};
template <>
struct Names<Normalisation> {
  static constexpr NameTable<Normalisation, 3> kValues = {{{Normalisation::kNone, "none"},
                                                           {Normalisation::kTrackMinMax, "track_minmax"},
                                                           {Normalisation::kBinZScore, "bin_zscore"}}};
};
template <>
struct Names<Norm> {
  static constexpr NameTable<Norm, 2> kValues = {{{Norm::kBatch, "batch"}, {Norm::kNone, "none"}}};
};
template <>
struct Names<BatchNorm> {
  static constexpr NameTable<BatchNorm, 2> kValues = {
      {{BatchNorm::kRank, "rank"}, {BatchNorm::kGlobal, "global"}}};
};
template <>
struct Names<Weighting> {
  static constexpr NameTable<Weighting, 2> kValues = {
      {{Weighting::kNone, "none"}, {Weighting::kBalanced, "balanced"}}};
};
template <>
struct Names<KeyClasses> {
  static constexpr NameTable<KeyClasses, 2> kValues = {
      {{KeyClasses::kKeys, "keys"}, {KeyClasses::kTonic, "tonic"}}};
};
template <>
struct Names<Optimizer> {
  static constexpr NameTable<Optimizer, 3> kValues = {
      {{Optimizer::kAdam, "adam"}, {Optimizer::kAdamW, "adamw"}, {Optimizer::kSgd, "sgd"}}};
};
template <>
struct Names<Decay> {
  static constexpr NameTable<Decay, 2> kValues = {{{Decay::kWeights, "weights"}, {Decay::kAll, "all"}}};
};
template <>
struct Names<Schedule> {
  static constexpr NameTable<Schedule, 5> kValues = {{{Schedule::kConstant, "constant"},
                                                      {Schedule::kPlateau, "plateau"},
                                                      {Schedule::kCosine, "cosine"},
                                                      {Schedule::kOneCycle, "one_cycle"},
                                                      {Schedule::kStep, "step"}}};
};
template <>
struct Names<Precision> {
  static constexpr NameTable<Precision, 2> kValues = {
      {{Precision::kFp32, "fp32"}, {Precision::kBf16, "bf16"}}};
};
template <>
struct Names<Device> {
  static constexpr NameTable<Device, 3> kValues = {
      {{Device::kAuto, "auto"}, {Device::kCpu, "cpu"}, {Device::kCuda, "cuda"}}};
};
template <>
struct Names<CudaGraphs> {
  static constexpr NameTable<CudaGraphs, 2> kValues = {
      {{CudaGraphs::kAuto, "auto"}, {CudaGraphs::kOff, "off"}}};
};
template <>
struct Names<Residency> {
  static constexpr NameTable<Residency, 4> kValues = {{{Residency::kAuto, "auto"},
                                                       {Residency::kDevice, "device"},
                                                       {Residency::kHost, "host"},
                                                       {Residency::kStream, "stream"}}};
};
template <>
struct Names<Part> {
  static constexpr NameTable<Part, 4> kValues = {{{Part::kTrain, "train"},
                                                  {Part::kValidation, "validation"},
                                                  {Part::kTest, "test"},
                                                  {Part::kNone, "none"}}};
};

template <class E>
concept NamedEnum = requires {
  Names<E>::kValues;
};

template <NamedEnum E>
constexpr std::string_view name_in_toml(E value) {
  for (const auto& [known, name] : Names<E>::kValues) {
    if (known == value) return name;
  }
  return "";
}

template <NamedEnum E>
constexpr std::optional<E> value_named(std::string_view name) {
  for (const auto& [value, known] : Names<E>::kValues) {
    if (known == name) return value;
  }
  return std::nullopt;
}

template <NamedEnum E>
std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& [value, name] : Names<E>::kValues) names.emplace_back(name);
  return names;
}

}  // namespace chorale::config
