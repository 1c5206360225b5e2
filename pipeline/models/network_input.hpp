// A batch's frames in the layout that a model's first layer wants.
#pragma once

#include <string_view>

#include "pipeline/models/conv_block.hpp"
#include "pipeline/models/model.hpp"

namespace chorale::models {

// What the 2x2 pools of model.channels, one after each, divide the input by. Throws UsageError when there are
// none, or more than any input has room for.
PoolSize halvings(const config::Model& options);

// Throws UsageError, which says what to change, unless pools that divide the input by `divisor` leave a row
// and a column of it. Clips of any length (frames == 0) are checked for their bins alone.
void require_size(const config::Model& options, InputShape input, PoolSize divisor);

// Throws UsageError when the input is whole clips: for models whose weights fix the number of frames.
void require_slices(const config::Model& options, InputShape input);

// Throws UsageError unless model.channels has `count` entries.
void require_channels(const config::Model& options, std::size_t count);

// [batch, 1, bins, frames], channels_last. A batch whose clips are all shorter than `min_frames` gets frames
// of zeros at the end, so that the pools leave one.
torch::Tensor image_of(const Inputs& inputs, std::int64_t min_frames = 1);

// The same with the one channel repeated `channels` times: [batch, channels, bins, frames].
torch::Tensor image_of_channels(const Inputs& inputs, std::int64_t channels, std::int64_t min_frames = 1);

// Bins as channels: [batch, bins, 1, frames], channels_last.
torch::Tensor row_of(const Inputs& inputs, std::int64_t min_frames = 1);

// Time-major: [batch, frames, bins].
torch::Tensor sequence_of(const Inputs& inputs);

// [batch, channels, bins, frames] of convolutions as a sequence: [batch, frames, bins * channels], the
// channels of a bin side by side.
torch::Tensor sequence_of_image(const torch::Tensor& image);

// How many steps of each clip are left of its frames when pools have divided them by `divisor`: one at least.
// Undefined where `lengths` is.
torch::Tensor steps_of(const torch::Tensor& lengths, std::int64_t divisor);

// Of the outputs of a recurrent layer of both directions, [batch, steps, 2 * units], of which `steps` count
// (undefined: all): the last state of each direction, [batch, 2 * units]. The reverse one has read the clip
// to its first step.
torch::Tensor final_states(const torch::Tensor& outputs, const torch::Tensor& steps);

}  // namespace chorale::models
