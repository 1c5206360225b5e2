// The right to work on a cell, held by one process at a time on any file system that several machines share.
//
// A claim is a file FOLDER/<cell>.claim-<n>, made with O_EXCL, so that one process alone makes it. Its owner
// touches it every few seconds. A claim that was not touched for long, or whose owner is known to have ended,
// is void: whoever then makes number n + 1 has the cell. Nothing is ever removed that another process could
// have made meanwhile.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "sweep/study/owner.hpp"

namespace chorale::sweep {

// How long a claim holds that is not touched: CHORALE_CLAIM_TIMEOUT_S, or 180 s. Throws UsageError when it is
// no positive number.
std::chrono::duration<double> claim_timeout();

std::filesystem::path claim_file(const std::filesystem::path& folder, const std::string& cell,
                                 std::int64_t number);

// The last claim of a cell.
struct ClaimState {
  std::int64_t number = 0;  // 0: never claimed
  bool holds = false;
  Owner owner = {};
  double touched = 0;  // in seconds
};
ClaimState look(const std::filesystem::path& folder, const std::string& cell);

class Claim {
 public:
  // Nothing when another process has the cell. Throws FileError when the folder cannot be written to.
  static std::unique_ptr<Claim> make(const std::filesystem::path& folder, const std::string& cell);
  // Stops touching. The file stays unless release() was called: who died in the middle must not look like who
  // gave up.
  ~Claim();
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  const std::string& cell() const { return cell_; }
  std::int64_t number() const { return number_; }  // 1: nobody had the cell before
  // False when another process has taken the cell over, such as while this one was suspended.
  bool is_mine() const;
  // Another process may have the cell.
  void release();

 private:
  Claim(std::filesystem::path folder, std::string cell, std::int64_t number, Owner self);
  void keep();
  void stop_touching();

  std::filesystem::path folder_;
  std::string cell_;
  std::int64_t number_;
  Owner self_;
  std::chrono::duration<double> timeout_ = claim_timeout();
  std::mutex mutex_;
  std::condition_variable ending_;
  bool ended_ = false;
  std::thread keeper_;
};

}  // namespace chorale::sweep
