#include "pipeline/checkpoint/run_folder.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <regex>
#include <utility>

#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::checkpoint {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kEpochCheckpointsKept = 2;

struct Entry {
  std::int64_t epoch = 0, step = 0;
  fs::path path;
  auto order() const { return std::pair(epoch, step); }
};

std::int64_t number(const std::string& digits) {
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// The complete checkpoints of one kind, oldest first.
std::vector<Entry> list(const RunFolder& run, CheckpointKind kind) {
  static const std::regex epoch_name(R"(epoch-(\d{4,9})(?:-s(\d{6,18}))?)");
  static const std::regex best_name(R"(best-(\d{4,9})())");
  std::vector<Entry> entries;
  std::error_code absent;
  for (const auto& item : fs::directory_iterator(run.checkpoints(), absent)) {
    std::smatch match;
    const std::string name = item.path().filename().string();
    if (!std::regex_match(name, match, kind == CheckpointKind::kEpoch ? epoch_name : best_name)) continue;
    if (!fs::exists(item.path() / kStateFile)) continue;
    entries.push_back({number(match[1]), number(match[2]), item.path()});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.order() < b.order(); });
  return entries;
}

std::string folder_name(CheckpointKind kind, const State& state) {
  const auto print = [](const char* format, std::int64_t value) {
    char text[40];
    std::snprintf(text, sizeof text, format, static_cast<long long>(value));
    return std::string(text);
  };
  if (kind == CheckpointKind::kBest) return print("best-%04lld", state.epoch);
  return print("epoch-%04lld", state.epoch) + (state.step > 0 ? print("-s%06lld", state.step) : "");
}

// Under its own name a checkpoint is whole, also while it is being removed.
void discard(const fs::path& checkpoint) {
  const fs::path partial = checkpoint.string() + ".partial";
  fs::remove_all(partial);
  fs::rename(checkpoint, partial);
  fs::remove_all(partial);
}

void prune(const RunFolder& run, const State& newest) {
  std::vector<Entry> epochs = list(run, CheckpointKind::kEpoch);
  for (std::size_t i = 0; i + kEpochCheckpointsKept < epochs.size(); ++i) discard(epochs[i].path);
  for (const Entry& best : list(run, CheckpointKind::kBest)) {
    if (best.epoch != newest.best_epoch) discard(best.path);
  }
  // What a killed job left half written or half removed.
  std::vector<fs::path> left_over;
  for (const auto& item : fs::directory_iterator(run.checkpoints())) {
    if (item.path().extension() == ".partial") left_over.push_back(item.path());
  }
  for (const auto& path : left_over) fs::remove_all(path);
}

}  // namespace

std::optional<fs::path> RunFolder::latest() const {
  const auto entries = list(*this, CheckpointKind::kEpoch);
  if (entries.empty()) return std::nullopt;
  return entries.back().path;
}

std::optional<fs::path> RunFolder::best() const {
  const auto entries = list(*this, CheckpointKind::kBest);
  if (entries.empty()) return std::nullopt;
  if (const auto newest = latest()) {
    const std::int64_t epoch = read_state(*newest).best_epoch;
    for (const Entry& entry : entries) {
      if (entry.epoch == epoch) return entry.path;
    }
  }
  return entries.back().path;
}

State read_state(const fs::path& checkpoint) {
  const fs::path path = checkpoint / kStateFile;
  try {
    return State::from_json(runtime::read_file(path), path.string());
  } catch (const runtime::FileError& error) {
    throw CheckpointError(error.what());
  }
}

fs::path write_checkpoint(const RunFolder& run, CheckpointKind kind, const State& state,
                          const std::map<std::string, TensorView>& model,
                          const std::map<std::string, TensorView>& optimizer) try {
  const fs::path target = run.checkpoints() / folder_name(kind, state);
  fs::create_directories(run.checkpoints());
  // A best one of this epoch is left over from a job killed before it wrote the epoch; nothing names it.
  if (kind == CheckpointKind::kBest) fs::remove_all(target);
  if (!fs::exists(target / kStateFile)) {
    fs::remove_all(target);
    runtime::AtomicPath folder(target);
    fs::create_directory(folder.partial());
    write_safetensors(folder.partial() / kModelFile, model, {{"format", "pt"}});
    if (!optimizer.empty()) write_safetensors(folder.partial() / kOptimizerFile, optimizer);
    runtime::write_file(folder.partial() / kStateFile, state.to_json());
    folder.commit();
  }
  if (kind == CheckpointKind::kEpoch) prune(run, state);
  return target;
} catch (const fs::filesystem_error& error) {
  throw CheckpointError(run.checkpoints().string() + ": cannot write a checkpoint: " + error.what());
}

}  // namespace chorale::checkpoint
