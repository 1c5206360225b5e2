#include "pipeline/baselines/booster.hpp"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "pipeline/runtime/log.hpp"

namespace chorale::baselines {
namespace {

void require(int status) {
  if (status != 0) throw BoosterError(fmt::format("XGBoost: {}", XGBGetLastError()));
}

// Its warnings belong into our log.
void take_over_log() {
  require(XGBRegisterLogCallback([](const char* text) { spdlog::warn("XGBoost: {}", text); }));
}

void* create(const std::vector<const Matrix*>& known) {
  take_over_log();
  std::vector<void*> matrices;
  matrices.reserve(known.size());
  for (const Matrix* matrix : known) matrices.push_back(matrix->handle());
  void* handle = nullptr;
  require(XGBoosterCreate(matrices.data(), matrices.size(), &handle));
  return handle;
}

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size()))
    ++found;
  return found;
}

}  // namespace

std::string xgboost_version() {
  int major = 0, minor = 0, patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

Matrix::Matrix(std::span<const float> values, std::size_t columns) {
  void* handle = nullptr;
  require(XGDMatrixCreateFromMat(values.data(), values.size() / columns, columns,
                                 std::numeric_limits<float>::quiet_NaN(), &handle));
  handle_.reset(handle);
}

void Matrix::Free::operator()(void* handle) const { XGDMatrixFree(handle); }

void Matrix::set_classes(std::span<const std::int32_t> classes) {
  const std::vector<float> labels(classes.begin(), classes.end());
  require(XGDMatrixSetFloatInfo(handle(), "label", labels.data(), labels.size()));
}

void Matrix::set_weights(std::span<const float> weights) {
  require(XGDMatrixSetFloatInfo(handle(), "weight", weights.data(), weights.size()));
}

void Booster::Free::operator()(void* handle) const { XGBoosterFree(handle); }

Booster::Booster(const Parameters& parameters, const std::vector<const Matrix*>& known)
    : handle_(create(known)) {
  for (const auto& [name, value] : parameters) set(name, value);
}

Booster::Booster(std::string_view bytes, std::int64_t threads) : handle_(create({})) {
  require(XGBoosterLoadModelFromBuffer(handle_.get(), bytes.data(), bytes.size()));
  set("nthread", std::to_string(threads));  // before, it would be forgotten
}

void Booster::set(const std::string& name, const std::string& value) {
  require(XGBoosterSetParam(handle_.get(), name.c_str(), value.c_str()));
}

void Booster::grow(const Matrix& training) {
  require(XGBoosterUpdateOneIter(handle_.get(), rounds(), training.handle()));
}

int Booster::rounds() const {
  int rounds = 0;
  require(XGBoosterBoostedRounds(handle_.get(), &rounds));
  return rounds;
}

std::vector<float> Booster::predict(const Matrix& rows) const {
  const char* const config =
      R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  require(XGBoosterPredictFromDMatrix(handle_.get(), rows.handle(), config, &shape, &dimensions, &values));
  std::size_t size = 1;
  for (bst_ulong i = 0; i < dimensions; ++i) size *= shape[i];
  return {values, values + size};
}

Booster Booster::first(int rounds) const {
  void* handle = nullptr;
  require(XGBoosterSlice(handle_.get(), 0, rounds, 1, &handle));
  return Booster(handle);
}

std::string Booster::to_bytes() const {
  const char* bytes = nullptr;
  bst_ulong size = 0;
  require(XGBoosterSaveModelToBuffer(handle_.get(), R"({"format": "ubj"})", &size, &bytes));
  return {bytes, size};
}

void Booster::name_columns(const std::vector<std::string>& names) {
  std::vector<const char*> pointers;
  pointers.reserve(names.size());
  for (const std::string& name : names) pointers.push_back(name.c_str());
  require(XGBoosterSetStrFeatureInfo(handle_.get(), "feature_name", pointers.data(), pointers.size()));
}

std::vector<std::string> Booster::column_names() const {
  const char** names = nullptr;
  bst_ulong size = 0;
  require(XGBoosterGetStrFeatureInfo(handle_.get(), "feature_name", &size, &names));
  return {names, names + size};
}

// A score a column; 0 for those that no split uses, which XGBoost leaves out.
std::vector<double> Booster::feature_scores(const char* kind) const {
  bst_ulong columns = 0;
  require(XGBoosterGetNumFeature(handle_.get(), &columns));
  std::vector<std::string> numbers;
  for (bst_ulong column = 0; column < columns; ++column) numbers.push_back(std::to_string(column));
  const std::string config = nlohmann::json{{"importance_type", kind}, {"feature_names", numbers}}.dump();
  bst_ulong used = 0, dimensions = 0;
  const bst_ulong* shape = nullptr;
  const char** names = nullptr;
  const float* values = nullptr;
  require(XGBoosterFeatureScore(handle_.get(), config.c_str(), &used, &names, &dimensions, &shape, &values));
  std::vector<double> scores(columns);
  for (bst_ulong i = 0; i < used; ++i) scores.at(std::stoul(names[i])) = values[i];
  return scores;
}

std::vector<ColumnUse> Booster::column_uses() const {
  const auto gains = feature_scores("total_gain"), splits = feature_scores("weight");
  std::vector<ColumnUse> uses;
  for (std::size_t column = 0; column < gains.size(); ++column)
    uses.push_back({gains[column], std::lround(splits[column])});
  return uses;
}

std::int64_t Booster::leaves() const {
  const char** trees = nullptr;
  bst_ulong size = 0;
  require(XGBoosterDumpModelEx(handle_.get(), "", 0, "text", &size, &trees));
  std::size_t leaves = 0;
  for (bst_ulong tree = 0; tree < size; ++tree) leaves += count(trees[tree], "leaf=");
  return static_cast<std::int64_t>(leaves);
}

}  // namespace chorale::baselines
