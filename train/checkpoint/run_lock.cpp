#include "train/checkpoint/run_lock.hpp"

#include <optional>

#include "pipeline/comm/rank_zero.hpp"
#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::train {
namespace fs = std::filesystem;
namespace {

void move_aside(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  const auto lock = runtime::FolderLock::acquire(folder);
  const fs::path target = runtime::free_name(folder, "old");
  fs::rename(folder, target);
  spdlog::info("the former run is kept in {}", target.string());
}

}  // namespace

runtime::FolderLock lock_run(const comm::MpiSession& session, const fs::path& folder, Existing existing) {
  std::optional<runtime::FolderLock> lock;
  comm::from_rank_zero(session, [&] {
    if (existing == Existing::kMoveAside) move_aside(folder);
    fs::create_directories(folder);
    lock.emplace(runtime::FolderLock::acquire(folder));
    return std::string();
  });
  if (!lock) lock.emplace(runtime::FolderLock::join(folder));
  return *std::move(lock);
}

}  // namespace chorale::train
