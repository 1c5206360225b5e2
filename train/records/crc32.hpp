// Cyclic redundancy checks of 32 bits, reflected, as files of TensorBoard and PNG want them.
#pragma once

#include <cstdint>
#include <string_view>

namespace chorale::train {

// CRC-32C (Castagnoli, RFC 3720 appendix B.4).
std::uint32_t crc32c(std::string_view bytes);
// CRC-32 of ISO 3309, as PNG has it (annex D of its specification).
std::uint32_t crc32(std::string_view bytes);

}  // namespace chorale::train
