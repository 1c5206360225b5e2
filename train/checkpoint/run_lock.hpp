// Whose a run folder is while it is trained.
#pragma once

#include <filesystem>

#include "pipeline/comm/mpi.hpp"
#include "pipeline/runtime/folder_lock.hpp"

namespace chorale::train {

// What to do with a run folder that holds a run already.
enum class Existing { kContinue, kMoveAside };

// Collective. Makes the run folder this job's own, and makes it where it is not there. One that is moved
// aside is renamed to FOLDER.old-1, or the next free number.
runtime::FolderLock lock_run(const comm::MpiSession& session, const std::filesystem::path& folder,
                             Existing existing);

}  // namespace chorale::train
