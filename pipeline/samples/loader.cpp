#include "pipeline/samples/loader.hpp"

#include <utility>

namespace chorale::samples {

std::vector<std::int64_t> track_labels(const store::Store& store, std::size_t task) {
  std::vector<std::int64_t> labels;
  for (const store::StoredTrack& row : store.tracks()) labels.push_back(row.track.labels.at(task).index());
  return labels;
}

Source::Source(const Input& input, const Normaliser& normaliser, std::vector<Slice> slices_,
               std::vector<std::int64_t> labels_, std::size_t frames_)
    : reader(input, normaliser), slices(std::move(slices_)), labels(std::move(labels_)), frames(frames_) {}

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
  const auto samples = plan_.own_batch(step);
  const std::size_t size = source_.frames * source_.reader.bins();
  batch.step = step;
  batch.global_count = plan_.global_batch(step).size();
  batch.inputs.resize(samples.size() * size);
  batch.labels.resize(samples.size());
  batch.tracks.resize(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Slice slice = source_.slices[samples[i]];
    source_.reader.read(slice, source_.frames, batch.inputs.data() + i * size);
    batch.labels[i] = source_.labels.at(slice.track);
    batch.tracks[i] = slice.track;
  }
}

}  // namespace chorale::samples
