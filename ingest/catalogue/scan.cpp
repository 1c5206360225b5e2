#include "ingest/catalogue/scan.hpp"

#include <algorithm>
#include <cctype>

namespace chorale::catalogue {
namespace fs = std::filesystem;
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

class Walk {
 public:
  explicit Walk(fs::path root) : root_(std::move(root)) {}

  Scan run() {
    enter(root_);
    std::sort(found_.audio.begin(), found_.audio.end(),
              [](const AudioFile& a, const AudioFile& b) { return a.path < b.path; });
    return std::move(found_);
  }

 private:
  void enter(const fs::path& folder) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error) fail(folder, error);
    if (std::find(above_.begin(), above_.end(), real) != above_.end()) {
      throw CatalogueError(folder.string() + ": this link leads back to " + real.string() +
                           ", a folder above it. Remove the link.");
    }
    above_.push_back(real);
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) visit(*entries);
    if (error) fail(folder, error);
    above_.pop_back();
  }

  void visit(const fs::directory_entry& entry) {
    const fs::path& path = entry.path();
    if (path.filename().native().front() == '.') {
      ++found_.hidden;
      return;
    }
    std::error_code error;
    const fs::file_status status = entry.status(error);
    if (fs::is_directory(status)) return enter(path);
    const bool pipe_or_device = fs::exists(status) && !fs::is_regular_file(status);
    const std::string extension = path.extension().string();
    const auto& known = audio_extensions();
    if (pipe_or_device || std::find(known.begin(), known.end(), lower(extension)) == known.end()) {
      ++found_.other[extension];
      return;
    }
    const std::uintmax_t bytes = fs::file_size(path, error);
    found_.audio.push_back({path.lexically_relative(root_).generic_string(), error ? 0 : bytes});
  }

  [[noreturn]] static void fail(const fs::path& folder, const std::error_code& error) {
    throw CatalogueError(folder.string() + ": cannot read this folder: " + error.message());
  }

  fs::path root_;
  std::vector<fs::path> above_;
  Scan found_;
};

}  // namespace

const std::vector<std::string>& audio_extensions() {
  static const std::vector<std::string> kExtensions = {".wav", ".au",  ".flac", ".ogg",
                                                       ".mp3", ".aif", ".aiff"};
  return kExtensions;
}

Scan scan(const fs::path& root) {
  std::error_code error;
  if (!fs::is_directory(root, error)) throw CatalogueError(root.string() + ": no such folder");
  return Walk(root).run();
}

}  // namespace chorale::catalogue
