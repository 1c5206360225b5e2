#include "pipeline/runtime/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace chorale::runtime {
namespace {

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  return s >= 3600 ? fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
                   : fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace

Progress::Progress(std::string label, std::uint64_t total, std::string unit, bool silent)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      silent_(silent),
      terminal_(::isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      last_(start_) {}

Progress::~Progress() {
  if (drawn_ && terminal_) std::fputc('\n', stderr);
}

void Progress::update(std::uint64_t done, const std::string& note) {
  if (silent_) return;
  const auto now = Clock::now();
  const auto interval = terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000);
  if (now - last_ < interval && done < total_) return;
  last_ = now;
  print(done, note);
}

void Progress::print(std::uint64_t done, const std::string& note) {
  const double seconds = std::max(std::chrono::duration<double>(last_ - start_).count(), 1e-9);
  const double rate = static_cast<double>(done) / seconds;
  const double left = rate > 0 ? static_cast<double>(total_ - std::min(done, total_)) / rate : 0;
  const double percent = total_ > 0 ? 100.0 * static_cast<double>(done) / static_cast<double>(total_) : 100.0;
  std::string line = fmt::format("{} {}/{} {} ({:.0f} %)  {:.1f} {}/s  {} left", label_, done, total_, unit_,
                                 percent, rate, unit_, clock_text(left));
  if (!note.empty()) line += "  " + note;
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\033[K" : "", line, terminal_ ? "" : "\n");
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace chorale::runtime
