// What pipeline/store/hdf5.cpp is made of: errors, types, and files in memory. Nobody else includes it.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pipeline/store/hdf5.hpp"

namespace chorale::store::hdf5 {

// Throws StoreError "FILE: OBJECT: cannot DOING: the innermost reason HDF5 gives".
[[noreturn]] void fail(const std::filesystem::path& file, std::string_view doing, std::string_view object);

// Passes on what an HDF5 function returned unless it is negative.
template <class Result>
Result check(Result result, const std::filesystem::path& file, std::string_view doing,
             std::string_view object) {
  if (result < 0) fail(file, doing, object);
  return result;
}

// Ends HDF5's own error printing.
void silence_hdf5();

// Object time stamps off where the kind has them.
Hdf5Handle property_list(hid_t kind);

// UTF-8 padded with zeros; HDF5 has no text of length 0, so it is at least 1.
Hdf5Handle text_type(std::size_t width);
Hdf5Handle number_type(ElementType type);
// Nothing for a type that stores do not have.
std::optional<ElementType> element_type_of(hid_t type);

Hdf5Handle simple_space(std::span<const std::uint64_t> shape);

// Makes HDF5 keep a new file in `image`, which is exactly as long as the file and is left alone when it is
// closed.
void write_to_memory(const Hdf5Handle& access, Hdf5Image& image, const std::filesystem::path& path);

}  // namespace chorale::store::hdf5
