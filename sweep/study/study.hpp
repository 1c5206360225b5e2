// A study folder: the cells of one sweep, and what became of each.
//
//   STUDY/cells/index.csv       the cells in their order, and which experiment each repeats
//   STUDY/cells/<cell>.toml     its configuration, without run.dir
//   STUDY/cells/<cell>.claim-n  somebody works on it (claim.hpp)
//   STUDY/cells/<cell>.json     it is finished, or has failed (Outcome)
//   STUDY/runs/<cell>/          its run folder
//   STUDY/report/               of all cells, when none is left (STUDY/report.claim-n: somebody writes it)
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/runtime/error.hpp"
#include "sweep/plan/cells.hpp"
#include "sweep/study/claim.hpp"

namespace chorale::sweep {

struct StudyError : runtime::UsageError {
  using UsageError::UsageError;
};

struct Outcome {
  std::string cell;
  bool failed = false;
  std::string error = {};   // of a cell that has failed
  std::int64_t claims = 1;  // 1: nobody died working on it
  double seconds = 0;       // of the process that finished it
  std::string host = {};

  std::string to_json() const;
};

class Study {
 public:
  explicit Study(std::filesystem::path dir) : dir_(std::move(dir)) {}

  // Throws StudyError when the folder is of another sweep: a cell there has another configuration (lists the
  // keys), or is none of these.
  void require_same(std::span<const Cell> cells) const;
  // Makes the folder, or adds cells to it. Throws as require_same().
  void open(std::span<const Cell> cells) const;

  std::filesystem::path cells() const { return dir_ / "cells"; }
  std::filesystem::path report() const { return dir_ / "report"; }

  // The first cell that is neither finished nor worked on, claimed; nothing when there is none. A cell that
  // five processes have died on since its last checkpoint counts as failed: it asks for more memory than
  // there is, perhaps.
  std::unique_ptr<Claim> claim(std::span<const Cell> cells) const;
  // Waits until it is known whether the cells that are claimed on other machines are worked on: each was
  // touched since, or is void. At most claim_timeout(); shorter where a stop is requested.
  void await_signs_of_life(std::span<const Cell> cells) const;
  // Writes the outcome and gives up the claim; nothing when another process has taken the cell over.
  void finish(Claim& claim, const Outcome& outcome) const;
  // The outcome of a cell that this job can't give up as it should: its process ends.
  void record(const Outcome& outcome) const;
  // The right to write the report; waits for it. Throws Interrupted when a stop is requested meanwhile.
  std::unique_ptr<Claim> claim_report() const;

  std::optional<Outcome> outcome(const std::string& cell) const;
  // Cells that have failed count as not yet tried.
  void forget_failures(std::span<const Cell> cells) const;

 private:
  std::int64_t deaths(const Cell& cell, const Claim& claim) const;
  void give_up(Claim& claim) const;
  std::filesystem::path file(const std::string& cell, const char* ending) const {
    return cells() / (cell + ending);
  }

  std::filesystem::path dir_;
};

}  // namespace chorale::sweep
