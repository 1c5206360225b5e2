// Files and bytes as ingest sees them.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "ingest/tree/byte_stream.hpp"

namespace chorale::testing_support {

inline std::unique_ptr<tree::ByteStream> open_stream(const std::filesystem::path& path) {
  auto file = std::make_shared<tree::File>(path);
  const auto bytes = file->size();
  return tree::open_range(std::move(file), 0, bytes);
}

inline tree::MemoryStream stream_of(std::string_view text) {
  return tree::MemoryStream(tree::Bytes(std::as_bytes(std::span(text))));
}

}  // namespace chorale::testing_support
