// The only place that calls libzip.
#include <zip.h>

#include <algorithm>
#include <cstring>

#include "ingest/tree/archive_listing.hpp"
#include "ingest/tree/trees.hpp"
#include "pipeline/runtime/atomic_file.hpp"

namespace chorale::tree {
namespace fs = std::filesystem;
namespace {

// Memory is asked for as bytes arrive: the size that an entry claims may be a lie.
constexpr std::size_t kFirstBlock = std::size_t{1} << 20;

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
using OpenEntry = std::unique_ptr<zip_file_t, CloseEntry>;

std::string text_of(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

Archive open_archive(const fs::path& path) {
  int code = 0;
  if (zip_t* archive = zip_open(path.c_str(), ZIP_RDONLY, &code)) return Archive(archive);
  if (code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS || code == ZIP_ER_EOF) {
    throw TreeError(path.string() +
                    ": the list of files at its end (the central directory) is missing or "
                    "damaged: the archive is cut off, or no zip at all. Copy it again. (libzip: " +
                    text_of(code) + ")");
  }
  throw TreeError(path.string() + ": cannot be opened as a zip archive: " + text_of(code));
}

// Sizes that the method of compression cannot give; deflate makes at most 1032 bytes of one.
bool plausible(const zip_stat_t& status) {
  if (status.comp_method == ZIP_CM_STORE) return status.comp_size == status.size;
  if (status.comp_method == ZIP_CM_DEFLATE) return status.size / 1032 <= status.comp_size;
  return true;
}

std::string why_refused(const zip_stat_t& status) {
  if (status.encryption_method != ZIP_EM_NONE) return "encrypted in the archive";
  if (zip_compression_method_supported(status.comp_method, 0) == 0) {
    return "compressed by method " + std::to_string(status.comp_method) + ", which this libzip cannot unpack";
  }
  return {};
}

class ZipTree : public Tree {
 public:
  ZipTree(const fs::path& path, std::string inside, std::uint64_t max_file_bytes)
      : path_(path),
        inside_(std::move(inside)),
        max_file_bytes_(max_file_bytes),
        archive_(open_archive(path)) {}

  Listing list() const override {
    ArchiveListing listing;
    const auto count = static_cast<std::uint64_t>(zip_get_num_entries(archive_.get(), 0));
    for (std::uint64_t i = 0; i < count; ++i) {
      const zip_stat_t status = status_of(i);
      if (std::string_view(status.name).ends_with('/')) continue;
      auto reason = why_refused(status);
      if (reason.empty()) {
        listing.add(status.name, status.size, i);
      } else {
        listing.refuse(status.name, std::move(reason));
      }
    }
    return listing.take(path_, inside_);
  }

  std::unique_ptr<ByteStream> open(const Entry& entry) const override {
    const zip_stat_t status = status_of(entry.place);
    check_size(status.size, max_file_bytes_);
    if (!plausible(status)) throw Unreadable("its sizes in the archive contradict each other");
    const OpenEntry file(zip_fopen_index(archive_.get(), entry.place, 0));
    if (!file) fail(*zip_get_error(archive_.get()));
    return std::make_unique<MemoryStream>(unpack(*file, status.size));
  }

 private:
  zip_stat_t status_of(std::uint64_t index) const {
    zip_stat_t status;
    constexpr std::uint64_t kAll = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
                                   ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(archive_.get(), index, ZIP_FL_ENC_RAW, &status) != 0 ||
        (status.valid & kAll) != kAll) {
      throw TreeError(path_.string() + ": its list of files is damaged at entry " + std::to_string(index));
    }
    return status;
  }

  // Reads one byte more than there should be: that is where libzip compares checksum and size.
  Bytes unpack(zip_file_t& file, std::uint64_t size) const {
    const auto wanted = static_cast<std::size_t>(size) + 1;
    Bytes bytes(std::min(wanted, kFirstBlock));
    std::size_t done = 0;
    for (;;) {
      if (done == bytes.span().size()) bytes = grown(bytes, std::min(wanted, 2 * done));
      const auto rest = bytes.span().subspan(done);
      const auto count = zip_fread(&file, rest.data(), rest.size());
      if (count < 0) fail(*zip_file_get_error(&file));
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
      if (done > size) throw Unreadable("damaged in the archive: longer than the archive says");
    }
    if (done < size) throw Unreadable("damaged in the archive: shorter than the archive says");
    bytes.shorten(done);
    return bytes;
  }

  static Bytes grown(const Bytes& bytes, std::size_t size) {
    Bytes larger(size);
    std::ranges::copy(bytes.span(), larger.span().begin());
    return larger;
  }

  [[noreturn]] void fail(const zip_error_t& error) const {
    const int code = error.zip_err;
    const std::string text = text_of(code);
    if (code == ZIP_ER_MEMORY) throw std::bad_alloc();
    if (code == ZIP_ER_READ || code == ZIP_ER_SEEK) {
      throw runtime::FileError(path_.string() + ": cannot read: " + std::strerror(error.sys_err));
    }
    throw Unreadable("damaged in the archive: " + text);
  }

  fs::path path_;
  std::string inside_;
  std::uint64_t max_file_bytes_;
  Archive archive_;
};

}  // namespace

std::unique_ptr<Tree> open_zip(const fs::path& archive, const std::string& inside,
                               std::uint64_t max_file_bytes) {
  return std::make_unique<ZipTree>(archive, inside, max_file_bytes);
}

}  // namespace chorale::tree
