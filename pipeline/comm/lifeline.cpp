#include "pipeline/comm/lifeline.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <random>
#include <sstream>
#include <thread>
#include <utility>

#include "pipeline/comm/line_socket.hpp"
#include "pipeline/runtime/host.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/signals.hpp"

namespace chorale::comm {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kGrace{1000};
constexpr std::chrono::seconds kLastResort{5};
constexpr auto kWithout =
    "a rank that dies is noticed only by the deadline of the collectives (CHORALE_COLLECTIVE_TIMEOUT_S)";

// Lines that travel. Another rank says "hello TOKEN RANK PROCESS HOST" and gets "welcome". Either side may
// then say one of these:
const std::string kWelcome = "welcome", kGoodbye = "goodbye", kEnd = "end";

struct Member {
  int rank = -1;
  long process = 0;
  std::string host;
};

std::string death_of(const Member& member, int size) {
  return fmt::format(
      "rank {} of {} ({}, process {}) died: killed, crashed, or its machine is gone. All ranks end. See the "
      "end of its log, and whether its machine ran out of memory. The same command continues.",
      member.rank, size, member.host, member.process);
}

std::string line_of(const JobEnd& end) { return fmt::format("{} {} {}", kEnd, end.exit_status, end.reason); }

std::optional<JobEnd> read_end(const std::string& line) {
  std::istringstream words(line);
  std::string word;
  JobEnd end;
  if (!(words >> word >> end.exit_status) || word != kEnd) return std::nullopt;
  std::getline(words >> std::ws, end.reason);
  return end;
}

// Where rank 0 can be reached, as broadcast: "PORT TOKEN PROCESS HOST ADDRESS ...".
struct Meeting {
  std::uint16_t port = 0;
  std::string token;  // keeps out what else may knock at a port
  Member rank_zero;
  std::vector<std::string> addresses;

  static Meeting from(const std::string& text) {
    std::istringstream words(text);
    Meeting meeting{
        .port = 0, .token = {}, .rank_zero = {.rank = 0, .process = 0, .host = {}}, .addresses = {}};
    words >> meeting.port >> meeting.token >> meeting.rank_zero.process >> meeting.rank_zero.host;
    for (std::string address; words >> address;) meeting.addresses.push_back(address);
    return meeting;
  }
};

std::string new_token() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
}

// Whatever hangs, a lock of the log included, the process ends.
void log_and_end_process(const JobEnd& end, const Lifeline::Options::Waiter& interrupted) {
  runtime::exit_after(kLastResort, end.exit_status);
  spdlog::error(end.reason);
  spdlog::default_logger()->flush();
  if (!interrupted(kGrace)) std::_Exit(end.exit_status);
}

}  // namespace

// A rank's part. Its thread runs from start() to stop(); all else is for before and after.
class Lifeline::Watch {
 public:
  Watch(int rank, int size, Options options)
      : self_{rank, ::getpid(), runtime::host_name()}, size_(size), options_(std::move(options)) {
    if (!options_.end) options_.end = log_and_end_process;
  }
  virtual ~Watch() = default;

  void start() {
    sigset_t all, before;  // stop signals are for the main thread
    ::sigfillset(&all);
    ::sigdelset(&all, SIGALRM);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void stop() {
    bell_.ring();
    if (thread_.joinable()) thread_.join();
  }

  virtual void tell(const std::string& line) = 0;  // everybody who is connected

  const Member& self() const { return self_; }
  int size() const { return size_; }

 protected:
  enum class Round { kGoOn, kLeave };
  // Waits for something to happen and takes note of it.
  virtual Round round(std::optional<milliseconds> time) = 0;

  const Bell& bell() const { return bell_; }
  const Options& options() const { return options_; }
  const std::optional<JobEnd>& end() const { return end_; }
  void must_end(JobEnd end) {
    if (!end_) end_ = std::move(end);
  }

 private:
  void run() {
    while (!end_) {
      if (round({}) == Round::kLeave) return;
    }
    tell(line_of(*end_));
    options_.end(*end_, [this](milliseconds time) { return linger(time); });
  }

  bool linger(milliseconds time) {
    const auto until = Clock::now() + time;
    for (auto now = Clock::now(); now < until; now = Clock::now()) {
      if (round(std::chrono::ceil<milliseconds>(until - now)) == Round::kLeave) return true;
    }
    return false;
  }

  Member self_;
  int size_;
  Options options_;
  Bell bell_;
  std::optional<JobEnd> end_;
  std::thread thread_;
};

class Lifeline::RankZero : public Watch {
 public:
  RankZero(int size, Options options) : Watch(0, size, std::move(options)) {}

  std::string meeting() const {
    return fmt::format("{} {} {} {} {}", listener_->port(), token_, self().process, self().host,
                       fmt::join(own_addresses(), " "));
  }

  void tell(const std::string& line) override {
    for (Peer& peer : peers_) {
      if (peer.member.rank > 0) peer.socket.send(line);
    }
  }

 private:
  struct Peer {
    LineSocket socket;
    Member member;  // rank -1 before its hello
    bool left = false;
  };

  Round round(std::optional<milliseconds> time) override {
    std::vector<int> sockets;
    if (listener_) sockets.push_back(listener_->fd());
    for (const Peer& peer : peers_) sockets.push_back(peer.socket.fd());
    if (bell().wait(sockets, time)) return Round::kLeave;
    for (Peer& peer : peers_) {
      peer.socket.receive();
      while (const auto line = peer.socket.next_line()) hear(peer, *line);
      if (peer.socket.closed() && peer.member.rank > 0 && !peer.left) {
        must_end({1, death_of(peer.member, size())});
      }
    }
    std::erase_if(peers_, [](const Peer& peer) { return peer.socket.closed() || peer.left; });
    if (listener_) admit();
    return Round::kGoOn;
  }

  void hear(Peer& peer, const std::string& line) {
    if (peer.member.rank < 0) {
      greet(peer, line);
    } else if (line == kGoodbye) {
      peer.left = true;
    } else if (auto end = read_end(line)) {
      peer.left = true;
      must_end(*std::move(end));
    }
  }

  void greet(Peer& peer, const std::string& line) {
    std::istringstream words(line);
    std::string hello, token;
    Member member;
    words >> hello >> token >> member.rank >> member.process >> member.host;
    if (!words || token != token_ || member.rank <= 0) {
      peer.left = true;  // a stranger
      return;
    }
    peer.member = member;
    peer.socket.close_after_silence(options().silence);
    peer.socket.send(kWelcome);
    if (end()) peer.socket.send(line_of(*end()));
    if (++greeted_ == size() - 1) listener_.reset();
  }

  void admit() {
    try {
      while (auto socket = listener_->accept()) peers_.push_back({*std::move(socket), {}});
    } catch (const SocketError& error) {
      spdlog::warn("{}: the death of {} of the ranks would be noticed late", error.what(),
                   size() - 1 - greeted_);
      listener_.reset();
    }
  }

  std::optional<Listener> listener_{std::in_place};  // until all are here
  std::string token_ = new_token();
  std::vector<Peer> peers_;
  int greeted_ = 0;
};

class Lifeline::OtherRank : public Watch {
 public:
  OtherRank(int rank, int size, Options options, Meeting meeting)
      : Watch(rank, size, std::move(options)), meeting_(std::move(meeting)) {}

  bool connect() {
    for (const auto& address : meeting_.addresses) {
      socket_ = LineSocket::connect(address, meeting_.port, options().patience, bell());
      if (socket_ && welcome()) return true;
    }
    return false;
  }

  void tell(const std::string& line) override { socket_->send(line); }

 private:
  // Whether it is rank 0 that has been reached.
  bool welcome() {
    socket_->close_after_silence(options().silence);
    tell(fmt::format("hello {} {} {} {}", meeting_.token, self().rank, self().process, self().host));
    const auto until = Clock::now() + options().patience;
    while (!socket_->closed() && Clock::now() < until) {
      bell().wait(std::vector{socket_->fd()}, options().patience);
      socket_->receive();
      if (const auto line = socket_->next_line()) return *line == kWelcome;
    }
    return false;
  }

  Round round(std::optional<milliseconds> time) override {
    std::vector<int> sockets;
    if (!end()) sockets.push_back(socket_->fd());
    if (bell().wait(sockets, time)) return Round::kLeave;
    socket_->receive();
    while (const auto line = socket_->next_line()) {
      if (*line == kGoodbye) return Round::kLeave;
      if (auto end = read_end(*line)) must_end(*std::move(end));
    }
    if (socket_->closed()) must_end({1, death_of(meeting_.rank_zero, size())});
    return Round::kGoOn;
  }

  Meeting meeting_;
  std::optional<LineSocket> socket_;
};

Lifeline::Lifeline(const MpiSession& session)
    : Lifeline(session.rank(), session.size(),
               [&](std::string text) { return session.broadcast(std::move(text)); }, {}) {}

Lifeline::Lifeline(int rank, int size, const Broadcast& broadcast, Options options) {
  if (size == 1) return;
  if (rank == 0) {
    std::string meeting;
    try {
      auto zero = std::make_unique<RankZero>(size, std::move(options));
      meeting = zero->meeting();
      watch_ = std::move(zero);
      watch_->start();
    } catch (const SocketError& error) {
      spdlog::warn("{}: {}", error.what(), kWithout);
    }
    broadcast(meeting);
  } else if (const auto text = broadcast({}); !text.empty()) {
    const auto meeting = Meeting::from(text);
    auto other = std::make_unique<OtherRank>(rank, size, std::move(options), meeting);
    if (!other->connect()) {
      spdlog::warn("no connection to rank 0 at {}, port {} (a firewall?): {}",
                   fmt::join(meeting.addresses, ", "), meeting.port, kWithout);
      return;
    }
    watch_ = std::move(other);
    watch_->start();
  }
}

Lifeline::~Lifeline() {
  if (!watch_) return;
  watch_->stop();
  watch_->tell(kGoodbye);
}

void Lifeline::end_job(int exit_status) {
  if (!watch_) return;
  watch_->stop();
  const Member& me = watch_->self();
  watch_->tell(
      line_of({exit_status, fmt::format("rank {} of {} ({}, process {}) ended the job, see its message",
                                        me.rank, watch_->size(), me.host, me.process)}));
  watch_.reset();
}

}  // namespace chorale::comm
