#include "sweep/study/claim.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "pipeline/runtime/atomic_file.hpp"
#include "pipeline/runtime/environment.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::sweep {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

constexpr Seconds kDefaultTimeout{180};
constexpr double kTouchesATimeout = 8;

std::int64_t last_number(const fs::path& folder, const std::string& cell) {
  const std::string prefix = cell + ".claim-";
  std::int64_t last = 0;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder, absent)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    std::int64_t number = 0;
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), number);
    last = std::max(last, number);
  }
  return last;
}

std::optional<double> modified(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return static_cast<double>(status.st_mtim.tv_sec) + 1e-9 * static_cast<double>(status.st_mtim.tv_nsec);
}

// The file system's clock, which is the one that claims are touched by, where it has one of its own (NFS);
// elsewhere that of this machine, and the clocks of machines must agree to a minute or so. Also where the
// folder can only be read.
double now_of(const fs::path& folder, const Owner& self) {
  const fs::path probe = folder / fmt::format(".clock-{}-{}", self.host, self.process);
  const int fd = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Seconds(std::chrono::system_clock::now().time_since_epoch()).count();
  ::futimens(fd, nullptr);
  ::close(fd);
  const double now = modified(probe).value_or(0);
  ::unlink(probe.c_str());
  return now;
}

// Whether this process is the one that has made it.
bool create(const fs::path& path, const Owner& self) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0 && errno == EEXIST) return false;
  if (fd < 0)
    throw runtime::FileError(fmt::format("{}: cannot create: {}", path.string(), std::strerror(errno)));
  const std::string text = self.to_json();
  const bool written =
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written) {
    ::unlink(path.c_str());
    throw runtime::FileError(path.string() + ": cannot write: is the disk full?");
  }
  return true;
}

}  // namespace

Seconds claim_timeout() {
  return runtime::seconds_from_environment("CHORALE_CLAIM_TIMEOUT_S", kDefaultTimeout);
}

fs::path claim_file(const fs::path& folder, const std::string& cell, std::int64_t number) {
  return folder / fmt::format("{}.claim-{}", cell, number);
}

ClaimState look(const fs::path& folder, const std::string& cell) {
  constexpr int kAttempts = 10;  // a claim may be given up between two looks
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    ClaimState state{.number = last_number(folder, cell)};
    if (state.number == 0) return state;
    const fs::path path = claim_file(folder, cell, state.number);
    const auto touched = modified(path);
    if (!touched) continue;
    try {
      state.owner = Owner::from_json(runtime::read_file(path));
    } catch (const runtime::FileError&) {
      continue;
    }
    state.touched = *touched;
    const bool fresh = now_of(folder, this_process()) - *touched < claim_timeout().count();
    state.holds = fresh && !has_ended(state.owner);
    return state;
  }
  return {};
}

std::unique_ptr<Claim> Claim::make(const fs::path& folder, const std::string& cell) {
  claim_timeout();  // before anything is made, when it is wrong
  const ClaimState last = look(folder, cell);
  if (last.holds) return nullptr;
  const std::int64_t number = last.number + 1;
  const Owner self = this_process();
  if (!create(claim_file(folder, cell, number), self)) return nullptr;
  return std::unique_ptr<Claim>(new Claim(folder, cell, number, self));
}

Claim::Claim(fs::path folder, std::string cell, std::int64_t number, Owner self)
    : folder_(std::move(folder)),
      cell_(std::move(cell)),
      number_(number),
      self_(std::move(self)),
      keeper_([this] { keep(); }) {}

Claim::~Claim() {
  stop_touching();
  if (keeper_.joinable()) keeper_.join();
}

void Claim::stop_touching() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ending_.notify_all();
}

bool Claim::is_mine() const {
  std::error_code unknown;
  if (fs::exists(claim_file(folder_, cell_, number_ + 1), unknown)) return false;
  const fs::path mine = claim_file(folder_, cell_, number_);
  try {
    return Owner::from_json(runtime::read_file(mine)) == self_;
  } catch (const runtime::FileError&) {
    return fs::exists(mine, unknown) || unknown;  // the file system may be out of reach for a while
  }
}

void Claim::keep() {
  const fs::path mine = claim_file(folder_, cell_, number_);
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, timeout_ / kTouchesATimeout, [this] { return ended_; })) {
    if (is_mine()) {
      ::utimensat(AT_FDCWD, mine.c_str(), nullptr, 0);
      continue;
    }
    spdlog::error(
        "{}: another process has taken this cell over, as nothing was heard of this one for {:g} s; "
        "this one stops",
        cell_, timeout_.count());
    runtime::request_stop();
    return;
  }
}

void Claim::release() {
  stop_touching();
  if (is_mine()) ::unlink(claim_file(folder_, cell_, number_).c_str());
}

}  // namespace chorale::sweep
