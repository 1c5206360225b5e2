#include "sweep/study/study.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/config/config.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/folder_lock.hpp"
#include "pipeline/runtime/host.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::sweep {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostDeaths = 5;

std::string configuration_of(const Cell& cell) {
  config::Experiment experiment = cell.experiment;
  experiment.run.dir.clear();
  return config::resolved(experiment);
}

// Of a file that several processes may write at once, all the same bytes.
void write_shared(const fs::path& path, const std::string& content) {
  const Owner self = this_process();
  const fs::path own = fmt::format("{}.{}-{}", path.string(), self.host, self.process);
  runtime::write_file(own, content);
  fs::rename(own, path);
}

// A claim may be void while its owner still lives, suspended, or cut off from the file system for a while.
bool is_worked_on(const fs::path& run) {
  if (!fs::exists(run)) return false;
  try {
    runtime::FolderLock::acquire(run);
    return false;
  } catch (const runtime::LockedError&) {
    return true;
  }
}

}  // namespace

std::string Outcome::to_json() const {
  const nlohmann::ordered_json json = {{"cell", cell},       {"state", failed ? "failed" : "done"},
                                       {"error", error},     {"claims", claims},
                                       {"seconds", seconds}, {"host", host}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void Study::open(std::span<const Cell> cells) const {
  fs::create_directories(this->cells());
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
  if (!wrong.empty()) {
    std::ranges::sort(wrong);
    constexpr std::size_t kMostListed = 10;
    const std::size_t more = wrong.size() - std::min(wrong.size(), kMostListed);
    wrong.resize(wrong.size() - more);
    throw StudyError(fmt::format(
        "{} is the study folder of another sweep (here: this one, there: that one):\n  {}{}\n"
        "Give this one a folder of its own: sweep.dir=...",
        dir_.string(), fmt::join(wrong, "\n  "), more > 0 ? fmt::format("\n  and {} more", more) : ""));
  }
  for (const Cell& cell : cells) {
    if (!fs::exists(file(cell.name, ".toml"))) write_shared(file(cell.name, ".toml"), configuration_of(cell));
  }
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
    } else if (claim->number() > kMostDeaths) {
      give_up(*claim);
    } else {
      return claim;
    }
  }
  return nullptr;
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

void Study::finish(Claim& claim, const Outcome& outcome) const {
  runtime::write_file(file(claim.cell(), ".json"), outcome.to_json());
  for (std::int64_t number = 1; number < claim.number(); ++number)
    fs::remove(cells() / fmt::format("{}.claim-{}", claim.cell(), number));
  claim.release();
}

std::optional<Outcome> Study::outcome(const std::string& cell) const {
  const fs::path path = file(cell, ".json");
  if (!fs::exists(path)) return std::nullopt;
  const auto json = nlohmann::json::parse(runtime::read_file(path), nullptr, false);
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
    if (known && known->failed) fs::remove(file(cell.name, ".json"));
  }
}

}  // namespace chorale::sweep
