// The kinds of trees, for Tree::open_root. Not for use outside of this folder.
#pragma once

#include "ingest/tree/tree.hpp"

namespace chorale::tree {

// `inside`: the folder in the archive to list from, "" or "a/b".
std::unique_ptr<Tree> open_folder(const std::filesystem::path& root, std::uint64_t max_file_bytes);
std::unique_ptr<Tree> open_zip(const std::filesystem::path& archive, const std::string& inside,
                               std::uint64_t max_file_bytes);
std::unique_ptr<Tree> open_tar(std::shared_ptr<const File> archive, const std::string& inside,
                               std::uint64_t max_file_bytes);

// Throws Unreadable.
void check_size(std::uint64_t bytes, std::uint64_t max_file_bytes);

}  // namespace chorale::tree
