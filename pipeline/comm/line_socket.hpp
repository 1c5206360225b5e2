// TCP connections that carry lines of text, and waiting for them. The only place that calls the socket API.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipeline/runtime/error.hpp"

namespace chorale::comm {

struct SocketError : runtime::Error {
  using Error::Error;
};

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;

  int get() const { return fd_; }

 private:
  int fd_;
};

// Wakes a thread that waits for sockets.
class Bell {
 public:
  Bell();  // throws SocketError
  void ring() const;
  // Waits until it rings (true, now and in every later call), until something can be read from one of
  // `sockets` (false), or until the time is over (false).
  bool wait(std::span<const int> sockets, std::optional<std::chrono::milliseconds> time = {}) const;
  // The same until `socket` is connected, or has failed to.
  bool wait_for_connection(int socket, std::chrono::milliseconds time) const;

 private:
  FileDescriptor event_;
};

// One end of a connection. Never blocks.
class LineSocket {
 public:
  // Nothing when no connection comes about within `patience`, or when the bell rings.
  static std::optional<LineSocket> connect(const std::string& address, std::uint16_t port,
                                           std::chrono::milliseconds patience, const Bell& bell);

  explicit LineSocket(FileDescriptor connected);

  // The connection counts as closed when the machine at its other end has not answered for so long (the
  // kernels ask each other; the processes need do nothing). 2 s or more.
  void close_after_silence(std::chrono::seconds silence);

  // What cannot be sent is lost: the other end has gone, and closed() will say so.
  void send(const std::string& line);
  // Takes in what has come. A line beyond 4096 characters closes the connection.
  void receive();
  std::optional<std::string> next_line();  // of those received
  bool closed() const { return closed_; }  // lines may be left
  int fd() const { return fd_.get(); }

 private:
  FileDescriptor fd_;
  std::string received_;
  bool closed_ = false;
};

// Listens on a free port of all interfaces (IPv4).
class Listener {
 public:
  Listener();  // throws SocketError
  std::uint16_t port() const { return port_; }
  int fd() const { return fd_.get(); }
  // Nothing when nobody is waiting. Throws SocketError when no more connections can be had.
  std::optional<LineSocket> accept() const;

 private:
  FileDescriptor fd_;
  std::uint16_t port_ = 0;
};

// IPv4 addresses of this machine's interfaces that are up; loopback comes last.
std::vector<std::string> own_addresses();

}  // namespace chorale::comm
