// What other programs computed of a track, from the files and numbers that a manifest names into the store.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ingest/catalogue/catalogue.hpp"
#include "ingest/tree/tree.hpp"
#include "pipeline/config/experiment.hpp"
#include "pipeline/store/feature.hpp"

namespace chorale::ingest {

// `spectrogram` [frames, bins], its values as they are, and `table` [columns]; those that the manifest has.
std::vector<store::Feature> describe_precomputed(const catalogue::Precomputed& precomputed,
                                                 config::StoreType type);

// Reuses its buffers from track to track. Not for several threads.
class PrecomputedReader {
 public:
  PrecomputedReader(const tree::Tree& tree, catalogue::Precomputed precomputed)
      : tree_(tree), precomputed_(std::move(precomputed)) {}

  // Of each feature of describe_precomputed() its values, valid until the next call. Throws Unreadable,
  // NpyError, and runtime::Error when an array has another width than Precomputed says; runtime::FileError
  // when the disk fails.
  std::span<const std::span<const float>> read(const catalogue::Entry& entry);

  // Of the entry read last: xxh3 of its file, 0 when there is none; frames of its spectrogram.
  std::uint64_t source_hash() const { return source_hash_; }
  std::size_t frames() const { return frames_; }

 private:
  struct Expected {
    std::size_t width;
    const char *what, *origin;  // "bins", and who says that there are so many
  };
  std::vector<float> array(const tree::Entry& file, const Expected& expected);

  const tree::Tree& tree_;
  catalogue::Precomputed precomputed_;
  std::vector<float> spectrogram_, table_;
  std::vector<std::span<const float>> values_;
  std::uint64_t source_hash_ = 0;
  std::size_t frames_ = 0;
};

}  // namespace chorale::ingest
