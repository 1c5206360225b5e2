#include "pipeline/comm/line_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace chorale::comm {
namespace {

constexpr std::size_t kLongestLine = 4096;

[[noreturn]] void fail(const char* call) {
  throw SocketError(std::string(call) + ": " + std::strerror(errno));
}

sockaddr_in address_of(in_addr host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr = host;
  address.sin_port = htons(port);
  return address;
}

int new_socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

void set_option(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

bool rung(std::vector<pollfd> waiting, std::optional<std::chrono::milliseconds> time) {
  const int milliseconds = time ? static_cast<int>(time->count()) : -1;
  ::poll(waiting.data(), waiting.size(), milliseconds);
  return (waiting.front().revents & POLLIN) != 0;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Bell::Bell() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_.get() < 0) fail("eventfd");
}

void Bell::ring() const { ::eventfd_write(event_.get(), 1); }

bool Bell::wait(std::span<const int> sockets, std::optional<std::chrono::milliseconds> time) const {
  std::vector<pollfd> waiting{{event_.get(), POLLIN, 0}};
  for (const int fd : sockets) waiting.push_back({fd, POLLIN, 0});
  return rung(std::move(waiting), time);
}

bool Bell::wait_for_connection(int socket, std::chrono::milliseconds time) const {
  return rung({{event_.get(), POLLIN, 0}, {socket, POLLOUT, 0}}, time);
}

std::optional<LineSocket> LineSocket::connect(const std::string& address, std::uint16_t port,
                                              std::chrono::milliseconds patience, const Bell& bell) {
  in_addr host{};
  if (::inet_pton(AF_INET, address.c_str(), &host) != 1) return std::nullopt;
  const sockaddr_in to = address_of(host, port);
  FileDescriptor fd(new_socket());
  if (fd.get() < 0) return std::nullopt;
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    if (errno != EINPROGRESS || bell.wait_for_connection(fd.get(), patience)) return std::nullopt;
    sockaddr_in peer{};
    socklen_t length = sizeof peer;
    if (::getpeername(fd.get(), reinterpret_cast<sockaddr*>(&peer), &length) != 0) return std::nullopt;
  }
  return LineSocket(std::move(fd));
}

LineSocket::LineSocket(FileDescriptor connected) : fd_(std::move(connected)) {}

void LineSocket::close_after_silence(std::chrono::seconds silence) {
  const int seconds = static_cast<int>(silence.count());
  const int idle = seconds / 2, interval = std::max(1, seconds / 10);
  set_option(fd(), IPPROTO_TCP, TCP_KEEPIDLE, idle);
  set_option(fd(), IPPROTO_TCP, TCP_KEEPINTVL, interval);
  set_option(fd(), IPPROTO_TCP, TCP_KEEPCNT, (seconds - idle) / interval);
  set_option(fd(), IPPROTO_TCP, TCP_USER_TIMEOUT, seconds * 1000);  // of lines under way
  set_option(fd(), SOL_SOCKET, SO_KEEPALIVE, 1);
}

void LineSocket::send(const std::string& line) {
  const std::string text = line + "\n";
  [[maybe_unused]] const auto sent = ::send(fd(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void LineSocket::receive() {
  std::array<char, 1024> part;
  while (!closed_) {
    const auto n = ::recv(fd(), part.data(), part.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    closed_ = n <= 0 || received_.size() > kLongestLine;
    if (n > 0) received_.append(part.data(), static_cast<std::size_t>(n));
  }
}

std::optional<std::string> LineSocket::next_line() {
  const auto end = received_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  return line;
}

Listener::Listener() : fd_(new_socket()) {
  if (fd_.get() < 0) fail("socket");
  sockaddr_in address = address_of({.s_addr = htonl(INADDR_ANY)}, 0);
  socklen_t length = sizeof address;
  if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), length) != 0) fail("bind");
  if (::listen(fd_.get(), SOMAXCONN) != 0) fail("listen");
  if (::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) fail("getsockname");
  port_ = ntohs(address.sin_port);
}

std::optional<LineSocket> Listener::accept() const {
  FileDescriptor fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd.get() >= 0) return LineSocket(std::move(fd));
  if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) fail("accept");
  return std::nullopt;
}

std::vector<std::string> own_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {"127.0.0.1"};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
  std::vector<std::string> addresses, loopback;
  for (const ifaddrs* i = first; i != nullptr; i = i->ifa_next) {
    if (i->ifa_addr == nullptr || i->ifa_addr->sa_family != AF_INET || (i->ifa_flags & IFF_UP) == 0) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* address = reinterpret_cast<const sockaddr_in*>(i->ifa_addr);
    ::inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size());
    ((i->ifa_flags & IFF_LOOPBACK) != 0 ? loopback : addresses).emplace_back(text.data());
  }
  addresses.insert(addresses.end(), loopback.begin(), loopback.end());
  return addresses;
}

}  // namespace chorale::comm
