// Which process works on a cell, in a form that another process, here or on another machine, can look at.
#pragma once

#include <cstdint>
#include <string>

namespace chorale::sweep {

struct Owner {
  std::string host;
  std::string place;  // the running kernel and its process numbers: where `process` means the same
  std::int64_t process = 0;
  std::int64_t started = 0;  // of the process, in ticks since the machine's start: numbers are given again
  std::string job;           // Slurm's job, empty outside of one

  std::string to_json() const;
  // Nothing known of a text that is none (written by half).
  static Owner from_json(const std::string& text);
  bool operator==(const Owner&) const = default;
};

Owner this_process();

// Whether it is, or was, a process of this machine, of which is known whether it still runs.
bool is_here(const Owner& owner);
// Whether it has ended for sure: false for a process of another machine.
bool has_ended(const Owner& owner);

}  // namespace chorale::sweep
