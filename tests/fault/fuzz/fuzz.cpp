#include "fuzz.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "mutator.hpp"
#include "pipeline/runtime/error.hpp"
#include "pipeline/runtime/log.hpp"

namespace chorale::fuzz {
namespace {

constexpr int kPatience = 30'000;  // ms
constexpr rlim_t kMemory = rlim_t{2} << 30;

enum class Ending : std::uint32_t { kAccepted, kRefused, kForeign };

// What a child says of one input; short enough to be written whole.
struct Message {
  std::uint64_t number = 0;
  Ending ending = Ending::kAccepted;
  char what[240] = {};
};

Message run_one(const Plan& plan, std::size_t number, const std::function<void(const std::string&)>& target) {
  Message message{.number = number};
  const auto say = [&](Ending ending, const char* what) {
    message.ending = ending;
    std::strncpy(message.what, what, sizeof message.what - 1);
  };
  const std::string input = input_of(plan, number);
  try {
    target(input);
  } catch (const runtime::Error& error) {
    say(*error.what() == '\0' ? Ending::kForeign : Ending::kRefused, error.what());
  } catch (const std::exception& error) {
    say(Ending::kForeign, error.what());
  } catch (...) {
    say(Ending::kForeign, "not a std::exception");
  }
  return message;
}

[[noreturn]] void be_child(const Plan& plan, std::size_t first,
                           const std::function<void(const std::string&)>& target, int pipe) {
#ifndef __SANITIZE_ADDRESS__
  const rlimit memory{kMemory, kMemory};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
  spdlog::set_level(spdlog::level::off);  // the warnings of hundreds of inputs
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (std::size_t number = first; number < plan.count; ++number) {
    const Message message = run_one(plan, number, target);
    if (::write(pipe, &message, sizeof message) != sizeof message) ::_exit(3);
  }
  ::_exit(0);
}

// The next message; nothing when the child ended or its time is over.
enum class Heard { kMessage, kEnd, kSilence };
Heard listen(int pipe, Message& message) {
  pollfd waiting{pipe, POLLIN, 0};
  const int ready = ::poll(&waiting, 1, kPatience);
  if (ready == 0) return Heard::kSilence;
  if (ready < 0) throw std::runtime_error(std::strerror(errno));
  return ::read(pipe, &message, sizeof message) == sizeof message ? Heard::kMessage : Heard::kEnd;
}

std::string keep(const Plan& plan, std::size_t number) {
  const auto file =
      std::filesystem::temp_directory_path() / ("chorale-fuzz-" + plan.name + "-" + std::to_string(number));
  std::ofstream(file, std::ios::binary) << input_of(plan, number);
  return file.string();
}

std::string ending_of(int status) {
  if (WIFSIGNALED(status)) return std::string("killed by ") + ::strsignal(WTERMSIG(status));
  return "exited with " + std::to_string(WEXITSTATUS(status));
}

// Runs inputs from `first` on until one ends the child; the first input that is still to do.
std::size_t run_child(const Plan& plan, std::size_t first,
                      const std::function<void(const std::string&)>& target, Findings& findings) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no fork");
  if (child == 0) {
    ::close(ends[0]);
    be_child(plan, first, target, ends[1]);
  }
  ::close(ends[1]);
  const auto fail = [&](std::size_t number, const std::string& what) {
    findings.failures.push_back(plan.name + " input " + std::to_string(number) + ": " + what + "; kept as " +
                                keep(plan, number));
  };
  std::size_t next = first;
  Heard heard = Heard::kEnd;
  for (Message message; (heard = listen(ends[0], message)) == Heard::kMessage; ++next) {
    if (message.ending == Ending::kAccepted) ++findings.accepted;
    if (message.ending == Ending::kRefused) ++findings.refused;
    if (message.ending == Ending::kForeign) fail(next, std::string("foreign exception: ") + message.what);
  }
  ::close(ends[0]);
  if (heard == Heard::kSilence) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (next == plan.count) return next;
  fail(next, heard == Heard::kSilence ? "no end within its time" : ending_of(status));
  return next + 1;
}

}  // namespace

std::string input_of(const Plan& plan, std::size_t number) {
  runtime::RandomStream draw(1, {runtime::key_of(plan.name), number});
  const std::string& seed = plan.seeds[number % plan.seeds.size()];
  const std::string& other = plan.seeds[draw.below(plan.seeds.size())];
  return mutate(seed, other, plan.words, draw);
}

Findings fuzz(const Plan& plan, const std::function<void(const std::string&)>& target) {
  Findings findings;
  for (std::size_t next = 0; next < plan.count;) next = run_child(plan, next, target, findings);
  return findings;
}

}  // namespace chorale::fuzz
