#include "pipeline/store/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace chorale::store {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw StoreError(path.string() + ": cannot open: " + std::strerror(errno));
  struct stat status = {};
  void* address = MAP_FAILED;
  if (::fstat(fd, &status) == 0) {
    address = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, fd, 0);
  }
  const int saved = errno;
  ::close(fd);
  if (address == MAP_FAILED) {
    throw StoreError(path.string() +
                     ": cannot map: " + (status.st_size == 0 ? "it is empty" : std::strerror(saved)));
  }
  bytes_ = {static_cast<const std::byte*>(address), static_cast<std::size_t>(status.st_size)};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

}  // namespace chorale::store
