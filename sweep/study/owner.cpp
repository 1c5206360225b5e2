#include "sweep/study/owner.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "pipeline/runtime/host.hpp"

namespace chorale::sweep {
namespace {

std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Empty where it cannot be known.
std::string this_place() {
  std::error_code unknown;
  const auto names = std::filesystem::read_symlink("/proc/self/ns/pid", unknown);
  const std::string boot = first_line("/proc/sys/kernel/random/boot_id");
  return boot.empty() ? "" : boot + " " + names.string();
}

// Field 22 of /proc/PID/stat (proc(5)), counted behind the name, which may hold anything. 0: a process that
// has ended and waits for its parent. Nothing: no such process, or one of somebody else that is hidden
// (hidepid).
std::optional<std::int64_t> start_of(std::int64_t process) {
  constexpr int kState = 3, kStartTime = 22;
  const std::string stat = first_line("/proc/" + std::to_string(process) + "/stat");
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(name_end + 1));
  const std::vector<std::string> rest{std::istream_iterator<std::string>(fields), {}};
  if (rest.size() <= kStartTime - kState || rest.front() == "Z" || rest.front() == "X") return 0;
  return std::atoll(rest[kStartTime - kState].c_str());
}

}  // namespace

std::string Owner::to_json() const {
  const nlohmann::ordered_json json = {
      {"host", host}, {"place", place}, {"process", process}, {"started", started}, {"job", job}};
  return json.dump() + "\n";
}

Owner Owner::from_json(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return {};
  return {json.value("host", ""), json.value("place", ""), json.value("process", std::int64_t{0}),
          json.value("started", std::int64_t{0}), json.value("job", "")};
}

Owner this_process() {
  const char* job = std::getenv("SLURM_JOB_ID");
  return {runtime::host_name(), this_place(), ::getpid(), start_of(::getpid()).value_or(0),
          job == nullptr ? "" : job};
}

bool is_here(const Owner& owner) {
  return owner.process != 0 && !owner.place.empty() && owner.place == this_place();
}

bool has_ended(const Owner& owner) {
  if (!is_here(owner)) return false;
  if (const auto started = start_of(owner.process)) return *started != owner.started;
  return ::kill(static_cast<pid_t>(owner.process), 0) != 0 && errno == ESRCH;
}

}  // namespace chorale::sweep
