#include "ingest/catalogue/file_finder.hpp"

#include <algorithm>

namespace chorale::catalogue {

const char* fault_of(std::string_view path) {
  if (path.empty()) return "the path is empty";
  if (path.front() == '/') return "the path is absolute; write it relative to the tree";
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..") return "the path leads out of the tree";
    begin = end + 1;
  }
  return nullptr;
}

std::string_view without_extension(std::string_view path) {
  const std::size_t dot = path.rfind('.'), slash = path.rfind('/');
  const std::size_t name = slash == std::string_view::npos ? 0 : slash + 1;
  return dot == std::string_view::npos || dot <= name ? path : path.substr(0, dot);
}

const tree::Entry* FileFinder::find(std::string_view path) {
  std::size_t i = next_;
  if (i >= files_.size() || files_[i].path != path) {
    const auto found =
        std::lower_bound(files_.begin(), files_.end(), path,
                         [](const auto& file, std::string_view name) { return file.path < name; });
    if (found == files_.end() || found->path != path) return nullptr;
    i = static_cast<std::size_t>(found - files_.begin());
  }
  next_ = i + 1;
  found_[i] = true;
  return &files_[i];
}

std::pair<std::size_t, std::string> FileFinder::unseen_audio() const {
  std::pair<std::size_t, std::string> unseen;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (found_[i] || !tree::has_audio_extension(files_[i].path)) continue;
    if (unseen.first++ == 0) unseen.second = files_[i].path;
  }
  return unseen;
}

}  // namespace chorale::catalogue
