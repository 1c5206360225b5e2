// The frames of all tracks in use, as one tensor on the device that trains.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/samples/slice_reader.hpp"

namespace chorale::train {

class ResidentFrames {
 public:
  // Reads the tracks that are in some part. Keeps a reference to the reader.
  ResidentFrames(const samples::SliceReader& reader, std::span<const config::Part> parts,
                 torch::Device device);

  // [n, 1, bins, frames] float on the device, time-major in memory: the bits that SliceReader::read gives.
  torch::Tensor gather(std::span<const samples::View> views, std::size_t frames) const;

 private:
  const samples::SliceReader& reader_;
  std::vector<std::int64_t> first_;  // row of each track
  torch::Tensor rows_;               // [frames of all tracks, bins], half or float as stored
  torch::Tensor mean_, scale_;       // [bins], of bin_zscore
};

}  // namespace chorale::train
