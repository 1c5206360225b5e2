// One line of progress with rate and time left: redrawn on a terminal, a plain line every ten seconds in a
// log.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace chorale::runtime {

class Progress {
 public:
  // `unit` is plural: "tracks", "samples". A silent Progress (ranks other than 0) prints nothing.
  Progress(std::string label, std::uint64_t total, std::string unit, bool silent = false);
  ~Progress();  // ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `done` units so far; `note` stands at the end of the line ("loss 1.234").
  void update(std::uint64_t done, const std::string& note = {});

 private:
  void print(std::uint64_t done, const std::string& note);

  using Clock = std::chrono::steady_clock;
  std::string label_, unit_;
  std::uint64_t total_;
  bool silent_, terminal_, drawn_ = false;
  Clock::time_point start_, last_;
};

}  // namespace chorale::runtime
