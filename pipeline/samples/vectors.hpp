// A feature of whole tracks as network input, beside the frames.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/config/experiment.hpp"
#include "pipeline/store/store.hpp"

namespace chorale::samples {

// How the numbers of a vector are encoded. Amounts become (value - mean) / standard deviation, at most
// kLargest either way, since a column that hardly varies in training may do so elsewhere; a column that does
// not vary in training at all (sample_rate) is 0 everywhere. Categories (estimated_key: a tonic, 0 to 11)
// become as many columns of 0 and 1 as they have values. Statistics are those of the recordings of the
// training part, each once: variants are left out. They travel with the run.
struct VectorEncoder {
  std::string feature;                   // empty: no vector, and nothing below
  std::vector<std::int64_t> categories;  // one a stored column: number of values; 0: an amount
  std::vector<float> mean, scale;        // one a stored column; 0 for categories

  static constexpr float kLargest = 10;  // standard deviations

  // Throws StoreMismatch when the store has no vector of this name, StoreError on a value that is not finite
  // or no value of its category, UsageError when no track is in the training part. An empty name gives an
  // encoder without columns.
  static VectorEncoder fit(const store::Store& store, std::string_view name,
                           std::span<const config::Part> parts);

  std::size_t width() const;                                     // encoded
  void encode(std::span<const float> stored, float* out) const;  // into out[width()]

  std::string to_json() const;
  static VectorEncoder from_json(std::string_view text);  // throws config::JsonError
};

// Names of the encoded columns, [encoder.width()]: those of the stored ones; of a category one a value, as
// "estimated_key=C#". Columns of a table without names are called by their number.
std::vector<std::string> encoded_columns(const store::Store& store, const VectorEncoder& encoder);

// Encoded vectors of all tracks in some part of a split, made once.
class Vectors {
 public:
  // Throws StoreMismatch when the store's vectors are not what the encoder is for, StoreError on values as
  // above, with track and column.
  Vectors(const store::Store& store, const VectorEncoder& encoder, std::span<const config::Part> parts);

  std::size_t width() const { return width_; }  // 0: there are none
  // [width], zeros of tracks in no part.
  std::span<const float> of(std::size_t track) const { return {values_.data() + track * width_, width_}; }

 private:
  std::size_t width_;
  std::vector<float> values_;
};

}  // namespace chorale::samples
