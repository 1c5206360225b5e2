// Batches of samples, read ahead of their use by a thread of its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "pipeline/samples/sampler.hpp"
#include "pipeline/samples/slice_reader.hpp"
#include "pipeline/samples/vectors.hpp"

namespace chorale::samples {

// Samples as they go into a network. A track shorter than its slice is padded as SliceReader says.
struct Rows {
  std::vector<View> views;     // [n]
  std::vector<float> inputs;   // [n, frames, bins]; empty where frames are on the device
  std::vector<float> vectors;  // [n, width of the tracks' vectors]; empty without them
};

// What is mixed into the samples of a batch, one into each; empty when nothing is.
struct Partners : Rows {
  std::vector<float> weights;                // [n] weight * sample + (1 - weight) * partner
  std::vector<std::uint32_t> global_tracks;  // [global_count]
  std::vector<float> global_weights;         // [global_count]
};

// This rank's part of one step. n may be 0 where a small last batch has no sample for every rank.
struct Batch : Rows {
  std::size_t step = 0;
  std::size_t global_count = 0;              // samples of the step over all ranks
  std::vector<std::uint32_t> global_tracks;  // [global_count], index into Store::tracks()
  std::vector<std::uint32_t> samples;        // [n], index into Source::slices
  std::vector<std::uint32_t> tracks;         // [n]
  std::vector<std::int64_t> lengths;         // [n] of whole tracks: frames that are not padding; else empty
  std::size_t frames = 0, bins = 0;          // of each row: the longest of the global batch
  Partners partners;
};

// How a sample is read in an epoch, and what is mixed into it.
struct Reading {
  View view;
  View partner = {};  // of no frames: nothing
  float weight = 1;   // of the sample itself
};
using Readings = std::function<Reading(std::uint32_t sample)>;

// What batches are made of; the same through all epochs. Keeps references to store, normaliser and vectors.
struct Source {
  // `frames` 0: whole tracks. `vectors` may be null.
  Source(const Input& input, const Normaliser& normaliser, std::vector<Slice> slices, std::size_t frames,
         const Vectors* vectors = nullptr);

  // A sample as it is.
  View view(std::uint32_t sample) const;

  SliceReader reader;
  std::vector<Slice> slices;
  std::size_t frames;
  const Vectors* vectors;
};

// kDevice: the frames of all tracks are there, and batches have none.
enum class FramesFrom { kStore, kDevice };

struct LoaderOptions {
  std::size_t first_step = 0;
  Readings readings = {};  // called by the reading thread; none: samples are read as they are
  FramesFrom frames_from = FramesFrom::kStore;
};

// One pass over a plan. Used by one thread.
class Loader {
 public:
  // Starts reading at once. Keeps references to source and plan.
  Loader(const Source& source, const BatchPlan& plan, LoaderOptions options = {});
  ~Loader();  // also in the middle of an epoch: stops after the batch it is reading
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // The next batch, valid until the next call; null after the last one. Throws what reading it threw.
  const Batch* next();

  // Seconds that next() has waited for batches so far.
  double waited() const { return waited_; }

 private:
  static constexpr std::size_t kAhead = 2;  // batches

  void run();
  bool wait_for_room(std::size_t number);
  void fill(std::size_t step, Batch& batch) const;
  Batch list(std::size_t step) const;
  void add(const Reading& reading, Batch& batch) const;
  void fill_rows(Rows& rows, std::size_t frames) const;

  const Source& source_;
  const BatchPlan& plan_;
  LoaderOptions options_;
  std::vector<Batch> ring_{kAhead + 1};  // batch k lies at k mod size; one is in use
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t read_ = 0, taken_ = 0;  // batches
  bool end_ = false, stop_ = false;   // nothing more will be read
  std::exception_ptr error_;
  double waited_ = 0;
  std::thread thread_;
};

}  // namespace chorale::samples
