#include "pipeline/checkpoint/run_folder.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <regex>
#include <sstream>
#include <utility>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/hash.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::checkpoint {
namespace fs = std::filesystem;
namespace {

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
    if (!fs::is_directory(item.path())) continue;
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
  // Later than the newest are only damaged ones, passed over when the run was continued.
  while (epochs.back().order() > std::pair(newest.epoch, newest.step)) {
    discard(epochs.back().path);
    epochs.pop_back();
  }
  for (std::size_t i = 0; i + run.keep() < epochs.size(); ++i) discard(epochs[i].path);
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

// The first undamaged one. A damaged one is no reason to throw away what was trained before it, nor to begin
// anew without a word.
std::optional<fs::path> first_undamaged(const std::vector<Entry>& entries) {
  std::string all;
  for (const Entry& entry : entries) {
    const auto wrong = damage(entry.path);
    if (!wrong) return entry.path;
    spdlog::warn("{} is damaged and passed over: {}", entry.path.string(), *wrong);
    all += "\n  " + entry.path.string() + ": " + *wrong;
  }
  if (entries.empty()) return std::nullopt;
  throw CheckpointError("no checkpoint of this run can be used:" + all +
                        "\nBring back undamaged files, or start anew with --fresh.");
}

std::string checksum_line(const fs::path& file) {
  return runtime::xxh3_hex(runtime::read_file(file)) + "  " + file.filename().string() + "\n";
}

void write_checksums(const fs::path& folder) {
  std::string lines;
  for (const char* name : {kModelFile, kOptimizerFile, kBoosterFile, kStateFile}) {
    if (fs::exists(folder / name)) lines += checksum_line(folder / name);
  }
  runtime::write_file(folder / kChecksumFile, lines);
}

}  // namespace

std::optional<fs::path> RunFolder::latest() const {
  auto entries = list(*this, CheckpointKind::kEpoch);
  std::ranges::reverse(entries);
  return first_undamaged(entries);
}

std::optional<fs::path> RunFolder::best() const {
  auto entries = list(*this, CheckpointKind::kBest);
  std::ranges::reverse(entries);
  if (entries.size() > 1) {
    const auto newest = latest();
    const std::int64_t epoch = newest ? read_state(*newest).best_epoch : 0;
    std::ranges::stable_partition(entries, [&](const Entry& entry) { return entry.epoch == epoch; });
  }
  return first_undamaged(entries);
}

std::optional<std::string> damage(const fs::path& checkpoint) try {
  std::istringstream lines(runtime::read_file(checkpoint / kChecksumFile));
  std::size_t files = 0;
  for (std::string line; std::getline(lines, line); ++files) {
    const std::string name = line.substr(std::min(line.size(), line.find("  ")));
    const fs::path file = checkpoint / name.substr(std::min<std::size_t>(2, name.size()));
    if (!fs::is_regular_file(file)) return file.filename().string() + " is missing";
    if (checksum_line(file) != line + "\n") return file.filename().string() + " is not as it was written";
  }
  if (files < 2) return std::string(kChecksumFile) + " is cut off";
  return std::nullopt;
} catch (const runtime::FileError& error) {
  return error.what();
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
                          const std::map<std::string, TensorView>& optimizer) {
  return write_checkpoint(run, kind, state, [&](const fs::path& folder) {
    write_safetensors(folder / kModelFile, model, {{"format", "pt"}});
    if (!optimizer.empty()) write_safetensors(folder / kOptimizerFile, optimizer);
  });
}

fs::path write_checkpoint(const RunFolder& run, CheckpointKind kind, const State& state,
                          const std::function<void(const fs::path&)>& write_model) try {
  fs::path target = run.checkpoints() / folder_name(kind, state);
  fs::create_directories(run.checkpoints());
  // A best one of this epoch is left over from a job killed before it wrote the epoch; nothing names it.
  if (kind == CheckpointKind::kBest) fs::remove_all(target);
  if (!fs::exists(target) || damage(target)) {
    fs::remove_all(target);
    runtime::AtomicPath folder(target);
    fs::create_directory(folder.partial());
    write_model(folder.partial());
    runtime::write_file(folder.partial() / kStateFile, state.to_json());
    write_checksums(folder.partial());
    folder.commit();
  }
  if (kind == CheckpointKind::kEpoch) prune(run, state);
  return target;
} catch (const fs::filesystem_error& error) {
  throw CheckpointError(run.checkpoints().string() + ": cannot write a checkpoint: " + error.what());
}

}  // namespace chorale::checkpoint
