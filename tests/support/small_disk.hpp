// A tmpfs of a few hundred KiB, so that a test can fill a disk. It is mounted in a mount namespace of the
// process's own and disappears with it; without root, in a user namespace as well.
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "support/temporary_folder.hpp"

namespace chorale::testing_support {

class SmallDisk {
 public:
  // Throws where the system permits neither root nor user namespaces to mount.
  explicit SmallDisk(std::size_t kib) {
    enter_namespace();
    mount_at(kib, 0);
  }
  ~SmallDisk() { ::umount2(path().c_str(), MNT_DETACH); }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::filesystem::path& path() const { return folder_.path(); }
  void grow(std::size_t kib) { mount_at(kib, MS_REMOUNT); }

 private:
  // Once a process: a namespace that was entered stays.
  static void enter_namespace() {
    static const bool entered = [] {
      const auto uid = ::getuid();
      const auto gid = ::getgid();
      if (::unshare(CLONE_NEWNS) != 0) {
        require(::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, "enter a user and mount namespace");
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << "0 " << uid << " 1";
        std::ofstream("/proc/self/gid_map") << "0 " << gid << " 1";
      }
      require(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "make mounts private");
      return true;
    }();
    static_cast<void>(entered);
  }

  void mount_at(std::size_t kib, unsigned long flags) const {
    const std::string options = "size=" + std::to_string(kib) + "k";
    require(::mount("tmpfs", path().c_str(), "tmpfs", flags, options.c_str()) == 0, "mount a tmpfs");
  }

  static void require(bool done, const std::string& what) {
    if (done) return;
    throw std::runtime_error(
        "this test needs to " + what + ": " + std::strerror(errno) +
        "; run it as root or where user namespaces may mount (kernel.unprivileged_userns_clone=1)");
  }

  TemporaryFolder folder_;
};

}  // namespace chorale::testing_support
