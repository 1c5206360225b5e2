#include "ingest/tree/archive_listing.hpp"

#include <algorithm>

#include "pipeline/runtime/hash.hpp"

namespace chorale::tree {
namespace {

constexpr std::size_t kLongestName = 4095;  // bytes, as of a path on Linux
constexpr std::size_t kShownOfName = 200;

// What a quarantine row calls a file whose name may be of any length.
std::string shown(std::string_view name) {
  if (name.size() <= kLongestName) return std::string(name);
  return std::string(name.substr(0, kShownOfName)) + "...[" + runtime::xxh3_hex(name) + "]";
}

struct Name {
  std::string path;
  bool hidden = false, leaves = false;
};

Name read_name(std::string_view name) {
  Name result;
  result.leaves = name.starts_with('/');
  while (!name.empty()) {
    const auto part = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(name.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (part == "..") result.leaves = true;
    if (part != ".." && part.starts_with('.')) result.hidden = true;
    if (!result.path.empty()) result.path += '/';
    result.path += part;
  }
  return result;
}

// Sorted by path, of equal ones the last.
template <class Rows>
void sort_and_keep_last(Rows& rows) {
  const auto same = [](const auto& a, const auto& b) { return a.path == b.path; };
  std::reverse(rows.begin(), rows.end());
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
}

// Keeps the rows below the folder, their paths relative to it.
template <class Rows>
void keep_below(Rows& rows, const std::string& prefix) {
  std::erase_if(rows, [&](const auto& row) { return !row.path.starts_with(prefix); });
  for (auto& row : rows) row.path.erase(0, prefix.size());
}

}  // namespace

std::string ArchiveListing::accept(std::string_view name) {
  Name read = read_name(name);
  if (read.leaves) {
    found_.refused.push_back({shown(name), "leads out of the archive (an absolute path, or one with ..)"});
    return {};
  }
  if (read.hidden) {
    ++found_.hidden;
    return {};
  }
  if (read.path.size() > kLongestName) {
    found_.refused.push_back({shown(read.path), "its name is longer than 4095 bytes"});
    return {};
  }
  return read.path;
}

void ArchiveListing::add(std::string_view name, std::uint64_t bytes, std::uint64_t place) {
  if (auto path = accept(name); !path.empty()) found_.files.push_back({std::move(path), bytes, place});
}

void ArchiveListing::refuse(std::string_view name, std::string reason) {
  if (auto path = accept(name); !path.empty()) found_.refused.push_back({std::move(path), std::move(reason)});
}

void ArchiveListing::add_link(std::string_view name, std::string_view target) {
  if (auto path = accept(name); !path.empty()) links_.push_back({std::move(path), read_name(target).path});
}

void ArchiveListing::resolve_links() {
  std::vector<Entry> linked;
  for (const Link& link : links_) {
    const auto& files = found_.files;
    const auto file = std::lower_bound(files.begin(), files.end(), link.target,
                                       [](const Entry& a, const std::string& path) { return a.path < path; });
    if (file != files.end() && file->path == link.target) {
      linked.push_back({link.path, file->bytes, file->place});
    } else {
      found_.refused.push_back(
          {link.path, "a link to '" + link.target + "', which is no file of the archive"});
    }
  }
  found_.files.insert(found_.files.end(), linked.begin(), linked.end());
}

Listing ArchiveListing::take(const std::filesystem::path& archive, const std::string& inside) {
  sort_and_keep_last(found_.files);
  if (!links_.empty()) {
    resolve_links();
    sort_and_keep_last(found_.files);
  }
  sort_and_keep_last(found_.refused);
  if (!inside.empty()) {
    keep_below(found_.files, inside + "/");
    keep_below(found_.refused, inside + "/");
    if (found_.files.empty() && found_.refused.empty()) {
      throw TreeError(archive.string() + ": holds no folder '" + inside + "'");
    }
  }
  return std::move(found_);
}

}  // namespace chorale::tree
