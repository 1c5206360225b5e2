// Archives: listing, and every file that is listed.
#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <zip.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "fuzz.hpp"
#include "ingest/tree/tree.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace chorale::fuzz {
namespace {

using testing_support::content_of;
using testing_support::TemporaryFolder;

constexpr std::uint64_t kLimit = 1 << 20;  // bytes of a file
const std::array<std::string, 3> kNames = {"a/one.wav", "a/b/two.mp3", "three.csv"};

std::string content(std::size_t file) { return std::string(300 * (file + 1), static_cast<char>('a' + file)); }

std::string make_zip(int method) {
  const TemporaryFolder folder;
  const std::string path = folder.path() / "a.zip";
  std::vector<std::string> contents;
  for (std::size_t i = 0; i < kNames.size(); ++i) contents.push_back(content(i));
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  if (archive == nullptr) throw std::runtime_error("zip_open");
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    zip_source_t* source = zip_source_buffer(archive, contents[i].data(), contents[i].size(), 0);
    const auto index = static_cast<zip_uint64_t>(zip_file_add(archive, kNames[i].c_str(), source, 0));
    zip_set_file_compression(archive, index, method, 0);
    zip_file_set_mtime(archive, index, 0, 0);
  }
  if (zip_close(archive) != 0) throw std::runtime_error("zip_close");
  return content_of(path);
}

std::string make_tar(int format) {
  const TemporaryFolder folder;
  const std::string path = folder.path() / "a.tar";
  archive* writer = archive_write_new();
  archive_write_set_format(writer, format);
  archive_write_open_filename(writer, path.c_str());
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const std::string bytes = content(i);
    archive_entry* entry = archive_entry_new();
    const std::string folder_name = i == 2 ? std::string(90, 'x') + "/" : "";  // too long for one field
    archive_entry_set_pathname(entry, (folder_name + kNames[i]).c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    if (archive_write_header(writer, entry) != ARCHIVE_OK) throw std::runtime_error("archive_write_header");
    archive_write_data(writer, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_entry* link = archive_entry_new();
  archive_entry_set_pathname(link, "a/link.wav");
  archive_entry_set_filetype(link, AE_IFLNK);
  archive_entry_set_symlink(link, "one.wav");
  archive_write_header(writer, link);
  archive_entry_free(link);
  archive_write_free(writer);
  return content_of(path);
}

void read_all(const tree::Tree& root) {
  const tree::Listing listing = root.list();
  for (const tree::Entry& entry : listing.files) {
    try {
      const auto stream = root.open(entry);
      if (stream->size() > kLimit) throw std::logic_error("a file above the limit was opened");
      std::vector<std::byte> bytes(stream->size());
      stream->read_at(0, bytes);
    } catch (const tree::Unreadable&) {  // that file alone
    }
  }
}

void fuzz_archives(const std::string& extension, std::vector<std::string> seeds, std::size_t count) {
  const Plan plan{
      .name = extension, .seeds = std::move(seeds), .words = {"../", "/", "\\", "a/one.wav"}, .count = count};
  const TemporaryFolder folder;
  const auto path = folder.path() / ("mutated." + extension);
  const Findings findings = fuzz(plan, [&](const std::string& input) {
    std::filesystem::remove(path);  // ext4 flushes a file that is written over
    std::ofstream(path, std::ios::binary) << input;
    read_all(*tree::Tree::open_root(path, kLimit));
  });
  EXPECT_THAT(findings.failures, ::testing::IsEmpty());
  EXPECT_EQ(findings.accepted + findings.refused, count);
  EXPECT_GT(findings.accepted, 10U);
  EXPECT_GT(findings.refused, 10U);
}

TEST(Fuzz, Zip) {
  fuzz_archives("zip", {make_zip(ZIP_CM_STORE), make_zip(ZIP_CM_DEFLATE), make_zip(ZIP_CM_BZIP2)}, 400);
}

TEST(Fuzz, Tar) {
  fuzz_archives("tar",
                {make_tar(ARCHIVE_FORMAT_TAR_USTAR), make_tar(ARCHIVE_FORMAT_TAR_GNUTAR),
                 make_tar(ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE)},
                400);
}

}  // namespace
}  // namespace chorale::fuzz
