#include "pipeline/samples/loader.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace chorale::samples {

Source::Source(const Input& input, const Normaliser& normaliser, std::vector<Slice> slices_,
               std::size_t frames_, const Vectors* vectors_)
    : reader(input, normaliser), slices(std::move(slices_)), frames(frames_), vectors(vectors_) {}

View Source::view(std::uint32_t sample) const {
  const Slice slice = slices[sample];
  return {slice, static_cast<std::uint32_t>(frames > 0 ? frames : reader.input().frames(slice.track))};
}

Loader::Loader(const Source& source, const BatchPlan& plan, LoaderOptions options)
    : source_(source), plan_(plan), options_(std::move(options)), thread_([this] { run(); }) {}

Loader::~Loader() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

const Batch* Loader::next() {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return read_ > taken_ || end_; });
  waited_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (read_ == taken_) {
    if (error_) std::rethrow_exception(error_);
    return nullptr;
  }
  const Batch& batch = ring_[taken_++ % ring_.size()];
  lock.unlock();
  changed_.notify_all();
  return &batch;
}

// False: the loader is being destroyed.
bool Loader::wait_for_room(std::size_t number) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stop_ || number < taken_ + kAhead; });
  return !stop_;
}

void Loader::run() {
  std::exception_ptr error;
  for (std::size_t number = 0; options_.first_step + number < plan_.steps() && !error; ++number) {
    if (!wait_for_room(number)) return;
    try {
      fill(options_.first_step + number, ring_[number % ring_.size()]);
    } catch (...) {
      error = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    if (!error) ++read_;
    changed_.notify_all();
  }
  const std::lock_guard lock(mutex_);
  end_ = true;
  error_ = error;
  changed_.notify_all();
}

void Loader::fill(std::size_t step, Batch& batch) const {
  Batch listed = list(step);
  listed.inputs.swap(batch.inputs);  // large: their memory is used again
  listed.partners.inputs.swap(batch.partners.inputs);
  fill_rows(listed, listed.frames);
  fill_rows(listed.partners, listed.frames);
  batch = std::move(listed);
}

// A batch without values.
Batch Loader::list(std::size_t step) const {
  const auto global = plan_.global_batch(step), own = plan_.own_batch(step);
  Batch batch;
  batch.step = step;
  batch.global_count = global.size();
  batch.samples.assign(own.begin(), own.end());
  batch.bins = source_.reader.bins();
  for (const std::uint32_t& sample : global) {
    const Reading reading = options_.readings ? options_.readings(sample) : Reading{source_.view(sample)};
    const bool mine = &sample >= own.data() && &sample < own.data() + own.size();
    batch.frames = std::max<std::size_t>(batch.frames, reading.view.frames);
    batch.global_tracks.push_back(reading.view.slice.track);
    if (mine) add(reading, batch);
    if (reading.partner.frames == 0) continue;
    batch.partners.global_tracks.push_back(reading.partner.slice.track);
    batch.partners.global_weights.push_back(reading.weight);
  }
  return batch;
}

void Loader::add(const Reading& reading, Batch& batch) const {
  batch.views.push_back(reading.view);
  batch.tracks.push_back(reading.view.slice.track);
  if (source_.frames == 0) batch.lengths.push_back(reading.view.frames);
  if (reading.partner.frames == 0) return;
  batch.partners.views.push_back(reading.partner);
  batch.partners.weights.push_back(reading.weight);
}

void Loader::fill_rows(Rows& rows, std::size_t frames) const {
  rows.vectors.clear();
  if (source_.vectors != nullptr) {
    for (const View& view : rows.views) {
      const auto vector = source_.vectors->of(view.slice.track);
      rows.vectors.insert(rows.vectors.end(), vector.begin(), vector.end());
    }
  }
  if (options_.frames_from == FramesFrom::kDevice) return;
  const std::size_t size = frames * source_.reader.bins();
  rows.inputs.resize(rows.views.size() * size);
  for (std::size_t i = 0; i < rows.views.size(); ++i)
    source_.reader.read(rows.views[i], frames, rows.inputs.data() + i * size);
}

}  // namespace chorale::samples
