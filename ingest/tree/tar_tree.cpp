// The only place that calls libarchive: it finds where each file begins. Files are then read at that place.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "ingest/tree/archive_listing.hpp"
#include "ingest/tree/trees.hpp"

namespace chorale::tree {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kRecord = 512;  // bytes; contents are padded to it

struct CloseArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, CloseArchive>;

// Walks through the headers of an archive.
class TarWalk {
 public:
  explicit TarWalk(const File& file) : file_(file), reader_(archive_read_new()) {
    if (!reader_) throw std::bad_alloc();
    archive_read_support_format_tar(reader_.get());
    archive_read_support_format_gnutar(reader_.get());
    if (::lseek(file.descriptor(), 0, SEEK_SET) != 0 ||
        archive_read_open_fd(reader_.get(), file.descriptor(), kBlock) != ARCHIVE_OK) {
      damaged(what_libarchive_says());
    }
  }

  ArchiveListing run() {
    ArchiveListing listing;
    while (archive_entry* entry = next()) {
      add(entry, listing);
      ++entries_;
    }
    // The end is marked by two records of zeros, which libarchive has read by now if they are there.
    if (position() < end_ + kRecord) damaged("it has no end mark");
    return listing;
  }

 private:
  static constexpr std::size_t kBlock = 20 * kRecord;

  // Bytes of the archive read so far: after a header, where the contents begin.
  std::uint64_t position() const {
    return static_cast<std::uint64_t>(archive_filter_bytes(reader_.get(), -1));
  }

  archive_entry* next() {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(reader_.get(), &entry);
    if (code == ARCHIVE_EOF) return nullptr;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) damaged(what_libarchive_says());
    return entry;
  }

  void add(archive_entry* entry, ArchiveListing& listing) {
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr) damaged("a file without a name");
    const std::uint64_t begin = position();
    const auto bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(archive_entry_size(entry), 0));
    if (const char* target = archive_entry_hardlink(entry)) return listing.add_link(name, target);
    if (archive_entry_filetype(entry) == AE_IFLNK) return add_symbolic_link(name, entry, listing);
    if (archive_entry_filetype(entry) == AE_IFDIR) return;
    if (archive_entry_filetype(entry) != AE_IFREG)
      return listing.refuse(name, "a pipe, a socket or a device");
    if (archive_entry_sparse_count(entry) > 0) {
      return listing.refuse(name, "stored as a sparse file; pack the archive without --sparse");
    }
    if (begin + bytes > file_.size()) damaged(fmt::format("it ends within {}", name));
    end_ = begin + (bytes + kRecord - 1) / kRecord * kRecord;
    listing.add(name, bytes, begin);
  }

  static void add_symbolic_link(const std::string& name, archive_entry* entry, ArchiveListing& listing) {
    const char* text = archive_entry_symlink(entry);
    if (text == nullptr) return listing.refuse(name, "a link to nothing");
    const fs::path target = text;
    const fs::path path = (fs::path(name).parent_path() / target).lexically_normal();
    if (target.is_absolute() || path.native().starts_with("..")) {
      return listing.refuse(name, "a link that leads out of the archive");
    }
    listing.add_link(name, path.native());
  }

  std::string what_libarchive_says() const {
    const char* text = archive_error_string(reader_.get());
    return text == nullptr ? "no reason given" : text;
  }

  [[noreturn]] void damaged(const std::string& how) const {
    throw TreeError(
        fmt::format("{}: the archive is cut off or damaged: {} (after {} complete entries, {} of {} bytes). "
                    "Copy it again; "
                    "tar -xf unpacks what is there into a folder.",
                    file_.path().string(), how, entries_, end_, file_.size()));
  }

  const File& file_;
  Reader reader_;
  std::size_t entries_ = 0;
  std::uint64_t end_ = 0;  // of the last file, padded
};

class TarTree : public Tree {
 public:
  TarTree(std::shared_ptr<const File> file, std::string inside, std::uint64_t max_file_bytes)
      : file_(std::move(file)), inside_(std::move(inside)), max_file_bytes_(max_file_bytes) {}

  Listing list() const override { return TarWalk(*file_).run().take(file_->path(), inside_); }

  std::unique_ptr<ByteStream> open(const Entry& entry) const override {
    check_size(entry.bytes, max_file_bytes_);
    return open_range(file_, entry.place, entry.bytes);
  }

 private:
  std::shared_ptr<const File> file_;
  std::string inside_;
  std::uint64_t max_file_bytes_;
};

}  // namespace

std::unique_ptr<Tree> open_tar(std::shared_ptr<const File> archive, const std::string& inside,
                               std::uint64_t max_file_bytes) {
  return std::make_unique<TarTree>(std::move(archive), inside, max_file_bytes);
}

}  // namespace chorale::tree
