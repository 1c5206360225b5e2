#include "pipeline/samples/loader.hpp"

#include <algorithm>
#include <utility>

namespace chorale::samples {

Source::Source(const Input& input, const Normaliser& normaliser, std::vector<Slice> slices_,
               std::size_t frames_)
    : reader(input, normaliser), slices(std::move(slices_)), frames(frames_) {}

Loader::Loader(const Source& source, const BatchPlan& plan, std::size_t first_step)
    : source_(source), plan_(plan), thread_([this, first_step] { run(first_step); }) {}

Loader::~Loader() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

const Batch* Loader::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return state_ != Ahead::kEmpty; });
  if (error_) std::rethrow_exception(error_);
  if (state_ == Ahead::kEnd) return nullptr;
  std::swap(in_use_, ahead_);
  state_ = Ahead::kEmpty;
  lock.unlock();
  changed_.notify_all();
  return &in_use_;
}

// Between kEmpty and the next change of state, ahead_ belongs to this thread.
void Loader::run(std::size_t first_step) {
  Ahead outcome = Ahead::kReady;
  for (std::size_t step = first_step; outcome == Ahead::kReady; ++step) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stop_ || state_ == Ahead::kEmpty; });
      if (stop_) return;
    }
    std::exception_ptr error;
    if (step >= plan_.steps()) {
      outcome = Ahead::kEnd;
    } else {
      try {
        fill(step, ahead_);
      } catch (...) {
        error = std::current_exception();
        outcome = Ahead::kEnd;
      }
    }
    const std::lock_guard lock(mutex_);
    state_ = outcome;
    error_ = error;
    changed_.notify_all();
  }
}

void Loader::fill(std::size_t step, Batch& batch) const {
  const auto track_of = [&](std::uint32_t sample) { return source_.slices[sample].track; };
  const auto global = plan_.global_batch(step), own = plan_.own_batch(step);
  batch.step = step;
  batch.global_count = global.size();
  batch.global_tracks.resize(global.size());
  std::ranges::transform(global, batch.global_tracks.begin(), track_of);
  batch.samples.assign(own.begin(), own.end());
  batch.tracks.resize(own.size());
  std::ranges::transform(own, batch.tracks.begin(), track_of);
  batch.frames = source_.frames;
  batch.bins = source_.reader.bins();
  const std::size_t size = batch.frames * batch.bins;
  batch.inputs.resize(own.size() * size);
  for (std::size_t i = 0; i < own.size(); ++i) {
    source_.reader.read(source_.slices[own[i]], batch.frames, batch.inputs.data() + i * size);
  }
}

}  // namespace chorale::samples
