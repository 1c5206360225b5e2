// Files of a tree by the paths that tables name.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/tree/tree.hpp"

namespace chorale::catalogue {

// What is wrong with a path that a table names; nullptr when it lies within the tree.
const char* fault_of(std::string_view path);

// "a/b.c.wav" -> "a/b.c"; a name that begins with its only dot keeps it.
std::string_view without_extension(std::string_view path);

class FileFinder {
 public:
  explicit FileFinder(const tree::Listing& listing) : files_(listing.files), found_(listing.files.size()) {}

  // nullptr when there is no such file. Tables are often in the order of their paths: the file after the last
  // one is tried first.
  const tree::Entry* find(std::string_view path);

  // How many audio files were never found, and the first of them.
  std::pair<std::size_t, std::string> unseen_audio() const;

 private:
  const std::vector<tree::Entry>& files_;
  std::vector<bool> found_;
  std::size_t next_ = 0;
};

}  // namespace chorale::catalogue
