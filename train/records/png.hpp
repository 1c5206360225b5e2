// Small grey images as PNG, without compression.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace chorale::train {

// `pixels` [height, width], 0 black to 255 white. For images of up to some thousand pixels a side.
std::string grey_png(std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> pixels);

}  // namespace chorale::train
