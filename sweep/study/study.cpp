#include "sweep/study/study.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/folder_lock.hpp"
#include "pipeline/runtime/host.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::sweep {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostDeaths = 5;
constexpr double kLooksATimeout = 60;

std::string configuration_of(const Cell& cell) {
  config::Experiment experiment = cell.experiment;
  experiment.run.dir.clear();
  return config::resolved(experiment);
}

// A name beside `path` that no other process uses.
fs::path own_name(const fs::path& path) {
  const Owner self = this_process();
  return fmt::format("{}.{}-{}", path.string(), self.host, self.process);
}

// Of a file that several processes may write at once.
void write_shared(const fs::path& path, const std::string& content) {
  const fs::path own = own_name(path);
  runtime::write_file(own, content);
  fs::rename(own, path);
}

// Whether this process is the one that has made it.
bool write_first(const fs::path& path, const std::string& content) {
  const fs::path own = own_name(path);
  runtime::write_file(own, content);
  const bool first = ::link(own.c_str(), path.c_str()) == 0;
  const bool taken = !first && errno == EEXIST;
  fs::remove(own);
  if (!first && !taken) runtime::write_file(path, content);  // a file system without links: the last one wins
  return first;
}

// A claim may be void while its owner still lives, suspended, or cut off from the file system for a while.
// What else is wrong with the folder, training will say.
bool is_worked_on(const fs::path& run) {
  if (!fs::exists(run)) return false;
  try {
    runtime::FolderLock::acquire(run);
    return false;
  } catch (const runtime::LockedError&) {
    return true;
  } catch (const runtime::FileError&) {
    return false;
  }
}

}  // namespace

std::string Outcome::to_json() const {
  const nlohmann::ordered_json json = {{"cell", cell},       {"state", failed ? "failed" : "done"},
                                       {"error", error},     {"claims", claims},
                                       {"seconds", seconds}, {"host", host}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void Study::require_same(std::span<const Cell> cells) const {
  if (!fs::exists(this->cells())) return;
  std::vector<std::string> wrong;
  for (const auto& entry : fs::directory_iterator(this->cells())) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".toml") continue;
    const auto cell = std::ranges::find(cells, name, &Cell::name);
    if (cell == cells.end()) {
      wrong.push_back(name + ": is no cell of this sweep");
      continue;
    }
    const auto lines = config::differences(configuration_of(*cell), runtime::read_file(entry.path()));
    if (!lines.empty()) wrong.push_back(fmt::format("{}: {}", name, fmt::join(lines, "; ")));
  }
  if (wrong.empty()) return;
  std::ranges::sort(wrong);
  constexpr std::size_t kMostListed = 10;
  const std::size_t more = wrong.size() - std::min(wrong.size(), kMostListed);
  wrong.resize(wrong.size() - more);
  throw StudyError(fmt::format(
      "{} is the study folder of another sweep (here: this one, there: that one):\n  {}{}\n"
      "Give this one a folder of its own: sweep.dir=...",
      dir_.string(), fmt::join(wrong, "\n  "), more > 0 ? fmt::format("\n  and {} more", more) : ""));
}

void Study::open(std::span<const Cell> cells) const {
  require_same(cells);
  fs::create_directories(this->cells());
  std::string index = "cell,experiment\n";
  for (const Cell& cell : cells) index += fmt::format("{},{}\n", cell.name, cell.repeats);
  const fs::path path = this->cells() / "index.csv";
  if (!fs::exists(path) || runtime::read_file(path) != index) write_shared(path, index);
  bool raced = false;
  for (const Cell& cell : cells) {
    if (fs::exists(file(cell.name, ".toml"))) continue;
    raced |= !write_first(file(cell.name, ".toml"), configuration_of(cell));
  }
  if (raced) require_same(cells);  // another process has opened it meanwhile
}

std::unique_ptr<Claim> Study::claim(std::span<const Cell> cells) const {
  for (const Cell& cell : cells) {
    if (fs::exists(file(cell.name, ".json"))) continue;
    auto claim = Claim::make(this->cells(), cell.name);
    if (!claim) continue;
    // Finished between the two looks, by a process whose claim is gone.
    if (fs::exists(file(cell.name, ".json"))) {
      claim->release();
    } else if (is_worked_on(cell.experiment.run.dir)) {
      spdlog::warn("{}: its claim is void, but a process still works on its run folder", cell.name);
      claim->release();
    } else if (deaths(cell, *claim) >= kMostDeaths) {
      give_up(*claim);
    } else {
      return claim;
    }
  }
  return nullptr;
}

std::int64_t Study::deaths(const Cell& cell, const Claim& claim) const {
  auto saved = fs::file_time_type::min();  // the last checkpoint that is complete
  std::error_code none;
  const checkpoint::RunFolder run(cell.experiment.run.dir);
  for (const auto& checkpoint : fs::directory_iterator(run.checkpoints(), none)) {
    std::error_code gone;
    const auto written = fs::last_write_time(checkpoint.path() / checkpoint::kStateFile, gone);
    if (!gone && checkpoint.path().extension() != ".partial") saved = std::max(saved, written);
  }
  std::int64_t count = 0;
  for (std::int64_t number = 1; number < claim.number(); ++number) {
    std::error_code gone;
    const auto touched = fs::last_write_time(claim_file(cells(), cell.name, number), gone);
    if (!gone && touched > saved) ++count;
  }
  return count;
}

void Study::await_signs_of_life(std::span<const Cell> cells) const {
  std::map<std::string, double> first_seen;
  for (;;) {
    bool uncertain = false;
    for (const Cell& cell : cells) {
      if (fs::exists(file(cell.name, ".json"))) continue;
      const ClaimState state = look(this->cells(), cell.name);
      if (!state.holds || is_here(state.owner)) continue;
      const auto [seen, added] = first_seen.try_emplace(cell.name, state.touched);
      uncertain |= added || seen->second == state.touched;
    }
    if (!uncertain || runtime::stop_requested()) return;
    std::this_thread::sleep_for(claim_timeout() / kLooksATimeout);
  }
}

std::unique_ptr<Claim> Study::claim_report() const {
  for (;;) {
    if (auto claim = Claim::make(dir_, "report")) return claim;
    if (runtime::stop_requested())
      throw runtime::Interrupted("before its report; run the same command again");
    std::this_thread::sleep_for(claim_timeout() / kLooksATimeout);
  }
}

void Study::give_up(Claim& claim) const {
  const std::string error = fmt::format(
      "{} processes have died on it without a word (out of memory?); --retry tries it again", kMostDeaths);
  spdlog::error("cell {} has failed: {}", claim.cell(), error);
  finish(claim, {.cell = claim.cell(),
                 .failed = true,
                 .error = error,
                 .claims = claim.number(),
                 .host = runtime::host_name()});
}

void Study::record(const Outcome& outcome) const {
  write_shared(file(outcome.cell, ".json"), outcome.to_json());  // several ranks may fail at once
}

void Study::finish(Claim& claim, const Outcome& outcome) const {
  if (!claim.is_mine()) {
    spdlog::warn("{}: another process has taken this cell over; its outcome counts", claim.cell());
    return;
  }
  record(outcome);
  for (std::int64_t number = 1; number < claim.number(); ++number)
    fs::remove(claim_file(cells(), claim.cell(), number));
  claim.release();
}

std::optional<Outcome> Study::outcome(const std::string& cell) const {
  const fs::path path = file(cell, ".json");
  if (!fs::exists(path)) return std::nullopt;
  std::string text;
  try {
    text = runtime::read_file(path);
  } catch (const runtime::FileError&) {
    if (!fs::exists(path)) return std::nullopt;  // forgotten by another process
    throw;
  }
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object())
    throw StudyError(path.string() + ": is not JSON; remove it, and the cell is evaluated again");
  return Outcome{.cell = cell,
                 .failed = json.value("state", "") == "failed",
                 .error = json.value("error", ""),
                 .claims = json.value("claims", std::int64_t{1}),
                 .seconds = json.value("seconds", 0.0),
                 .host = json.value("host", "")};
}

void Study::forget_failures(std::span<const Cell> cells) const {
  for (const Cell& cell : cells) {
    const auto known = outcome(cell.name);
    if (!known || !known->failed) continue;
    const fs::path path = file(cell.name, ".json"), own = own_name(path);
    std::error_code gone;  // another process forgets it, too
    fs::rename(path, own, gone);
    if (gone) continue;
    // It may have been trained anew since it was looked at.
    if (nlohmann::json::parse(runtime::read_file(own), nullptr, false).value("state", "") == "done") {
      fs::rename(own, path);
      continue;
    }
    fs::remove(own);
    // Nor do its deaths count any more.
    const ClaimState last = look(this->cells(), cell.name);
    for (std::int64_t number = 1; !last.holds && number <= last.number; ++number)
      fs::remove(claim_file(this->cells(), cell.name, number));
  }
}

}  // namespace chorale::sweep
