// Small trees, and what they say.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "ingest/tree/tree.hpp"
#include "pipeline/runtime/random.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::tree {

inline constexpr std::uint64_t kLimit = std::uint64_t{1} << 20;  // bytes

inline void write(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

// Bytes that no method compresses.
inline std::string noise(std::size_t bytes, std::uint64_t seed) {
  runtime::RandomStream random(seed);
  std::string text(bytes, '\0');
  for (char& byte : text) byte = static_cast<char>(random.below(256));
  return text;
}

inline std::string content(const ByteStream& stream) {
  std::string text(stream.size() + 10, '?');
  text.resize(stream.read_at(0, std::as_writable_bytes(std::span(text))));
  return text;
}

inline std::vector<std::string> paths(const Listing& listing) {
  std::vector<std::string> result;
  for (const Entry& entry : listing.files) result.push_back(entry.path);
  return result;
}

inline std::vector<std::string> refused(const Listing& listing) {
  std::vector<std::string> result;
  for (const auto& [path, reason] : listing.refused) result.push_back(path + ": " + reason);
  return result;
}

// What is thrown, with its text.
template <class Exception>
std::string error(auto&& action) {
  try {
    action();
  } catch (const Exception& caught) {
    return caught.what();
  }
  return "no error";
}

class TreeTest : public testing::Test {
 protected:
  std::unique_ptr<Tree> tree(const std::filesystem::path& root) const {
    return Tree::open_root(root, kLimit);
  }
  std::string content_of(const Tree& from, const std::string& path) const {
    for (const Entry& entry : from.list().files) {
      if (entry.path == path) return content(*from.open(entry));
    }
    return "not listed";
  }
  std::string why_unreadable(const Tree& from, const std::string& path) const {
    return error<Unreadable>([&] { content_of(from, path); });
  }
  std::string why_no_tree(const std::filesystem::path& root) const {
    return error<TreeError>([&] { tree(root)->list(); });
  }

  const testing_support::TemporaryFolder folder;
};

}  // namespace chorale::tree
