#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "ingest/tree/trees.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::tree {
namespace fs = std::filesystem;
namespace {

class Walk {
 public:
  Listing run(const fs::path& root) {
    enter(root, "");
    const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
    std::sort(found_.files.begin(), found_.files.end(), by_path);
    std::sort(found_.refused.begin(), found_.refused.end(), by_path);
    return std::move(found_);
  }

 private:
  // `prefix`: the folder's path below the root, with a '/' at its end.
  void enter(const fs::path& folder, const std::string& prefix) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error) fail(folder, error);
    if (std::find(above_.begin(), above_.end(), real) != above_.end()) {
      throw TreeError(folder.string() + ": this link leads back to " + real.string() +
                      ", a folder above it. Remove the link.");
    }
    above_.push_back(real);
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      visit(entries->path(), prefix);
    }
    if (error) fail(folder, error);
    above_.pop_back();
  }

  void visit(const fs::path& path, const std::string& prefix) {
    const std::string name = path.filename().string();
    if (name.front() == '.') {
      ++found_.hidden;
      return;
    }
    struct stat status = {};
    const bool there = ::stat(path.c_str(), &status) == 0;
    if (there && S_ISDIR(status.st_mode)) return enter(path, prefix + name + "/");
    if (there && !S_ISREG(status.st_mode)) {
      found_.refused.push_back({prefix + name, "a pipe, a socket or a device"});
      return;
    }
    found_.files.push_back({prefix + name, there ? static_cast<std::uint64_t>(status.st_size) : 0});
  }

  [[noreturn]] static void fail(const fs::path& folder, const std::error_code& error) {
    throw TreeError(folder.string() + ": cannot read this folder: " + error.message());
  }

  std::vector<fs::path> above_;
  Listing found_;
};

class FolderTree : public Tree {
 public:
  FolderTree(fs::path root, std::uint64_t max_file_bytes)
      : root_(std::move(root)), max_file_bytes_(max_file_bytes) {}

  Listing list() const override { return Walk().run(root_); }

  std::unique_ptr<ByteStream> open(const Entry& entry) const override {
    const fs::path path = root_ / entry.path;
    std::shared_ptr<const File> file;
    try {
      file = std::make_shared<File>(path);
    } catch (const std::system_error& error) {
      fail(path, error.code());
    }
    if (!file->is_regular()) throw Unreadable("not a regular file");
    check_size(file->size(), max_file_bytes_);
    return open_range(file, 0, file->size());
  }

 private:
  // Some failures may pass (a lost mount, a stale handle): a shard written without its tracks would stay
  // without them. Reasons name no folder outside of the root: the store's bytes do not depend on where it
  // lies.
  [[noreturn]] static void fail(const fs::path& path, const std::error_code& error) {
    std::error_code ignored;
    if (error == std::errc::permission_denied) throw NoAccess("may not be read by this user");
    if (error == std::errc::no_such_file_or_directory && fs::is_symlink(path, ignored)) {
      throw Unreadable("a link that leads nowhere");
    }
    if (error == std::errc::too_many_symbolic_link_levels) throw Unreadable("a link that leads to itself");
    throw runtime::FileError(path.string() + ": cannot be opened: " + error.message());
  }

  fs::path root_;
  std::uint64_t max_file_bytes_;
};

}  // namespace

std::unique_ptr<Tree> open_folder(const fs::path& root, std::uint64_t max_file_bytes) {
  return std::make_unique<FolderTree>(root, max_file_bytes);
}

}  // namespace chorale::tree
