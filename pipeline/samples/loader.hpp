// Batches of slices, read one batch ahead of their use by a thread of its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "pipeline/samples/sampler.hpp"
#include "pipeline/samples/slice_reader.hpp"

namespace chorale::samples {

// This rank's part of one step. n may be 0 where a small last batch has no sample for every rank.
struct Batch {
  std::size_t step = 0;
  std::size_t global_count = 0;  // samples of the step over all ranks, by which the loss is divided
  std::vector<std::uint32_t> global_tracks;  // [global_count], index into Store::tracks()
  std::vector<std::uint32_t> samples;        // [n], index into Source::slices
  std::vector<std::uint32_t> tracks;         // [n]
  std::size_t frames = 0, bins = 0;          // of each sample
  std::vector<float> inputs;                 // [n, frames, bins]
};

// What batches are made of; the same through all epochs. Keeps references to store and normaliser.
struct Source {
  Source(const Input& input, const Normaliser& normaliser, std::vector<Slice> slices, std::size_t frames);

  SliceReader reader;
  std::vector<Slice> slices;
  std::size_t frames;
};

// One pass over a plan. Used by one thread.
class Loader {
 public:
  // Starts reading at once, with step `first_step`. Keeps references to source and plan.
  Loader(const Source& source, const BatchPlan& plan, std::size_t first_step = 0);
  ~Loader();  // also in the middle of an epoch: stops after the batch it is reading
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // The next batch, valid until the next call; null after the last one. Throws what reading it threw.
  const Batch* next();

 private:
  void run(std::size_t first_step);
  void fill(std::size_t step, Batch& batch) const;

  const Source& source_;
  const BatchPlan& plan_;
  Batch in_use_, ahead_;
  std::mutex mutex_;
  std::condition_variable changed_;
  enum class Ahead { kEmpty, kReady, kEnd } state_ = Ahead::kEmpty;
  bool stop_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace chorale::samples
