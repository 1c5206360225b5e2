// The ranks of a job as ends of lifelines within one process. Those that die are made by hand, as only a
// process can die without a goodbye.
#include "pipeline/comm/lifeline.hpp"

#include <gmock/gmock.h>
#include <linux/filter.h>
#include <sys/socket.h>

#include <future>
#include <sstream>

#include "pipeline/comm/line_socket.hpp"

namespace chorale::comm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::StartsWith;

constexpr seconds kDeadline{20};  // fails loudly
constexpr seconds kSilence{2};

// A rank whose lifeline keeps what it has to say.
class Rank {
 public:
  Rank(int rank, int size, std::string& meeting) {
    Lifeline::Options options;
    options.silence = kSilence;
    options.patience = milliseconds(500);
    options.end = [this](const JobEnd& end, const auto& interrupted) {
      end_.set_value(end);
      interrupted(kDeadline);
    };
    const auto broadcast = [&](std::string text) { return rank == 0 ? meeting = std::move(text) : meeting; };
    lifeline_ = std::make_unique<Lifeline>(rank, size, broadcast, std::move(options));
  }

  JobEnd end() {
    if (told_.wait_for(kDeadline) != std::future_status::ready) throw std::runtime_error("not told in time");
    return told_.get();
  }
  bool told_within(milliseconds time) { return told_.wait_for(time) == std::future_status::ready; }
  Lifeline& lifeline() { return *lifeline_; }
  void leave() { lifeline_.reset(); }

 private:
  std::promise<JobEnd> end_;
  std::future<JobEnd> told_ = end_.get_future();
  std::unique_ptr<Lifeline> lifeline_;
};

// A rank of another process: it is connected when it exists, and gone without a word when it is destroyed.
class Foreigner {
 public:
  Foreigner(int rank, const std::string& meeting) {
    std::istringstream words(meeting);
    std::uint16_t port = 0;
    std::string token;
    words >> port >> token;
    socket_ = LineSocket::connect("127.0.0.1", port, kDeadline, bell_);
    if (!socket_) throw std::runtime_error("no connection");
    say("hello " + token + " " + std::to_string(rank) + " 1234 node7");
    if (hear() != "welcome") throw std::runtime_error("not welcome");
  }

  void say(const std::string& line) { socket_->send(line); }

  // The next line; empty when the other end has gone.
  std::string hear() {
    for (;;) {
      if (const auto line = socket_->next_line()) return *line;
      if (socket_->closed()) return {};
      bell_.wait(std::vector{socket_->fd()}, kDeadline);
      socket_->receive();
    }
  }

  // As if its cable had been pulled: the kernel drops what comes for it before it can answer.
  void vanish() {
    sock_filter drop{BPF_RET | BPF_K, 0, 0, 0};
    const sock_fprog program{1, &drop};
    ASSERT_EQ(::setsockopt(socket_->fd(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0);
  }

 private:
  Bell bell_;
  std::optional<LineSocket> socket_;
};

TEST(Lifeline, NamesTheRankThatDiesToAllOthers) {
  std::string meeting;
  Rank zero(0, 4, meeting);
  Rank one(1, 4, meeting);
  Foreigner three(3, meeting);
  {
    const Foreigner two(2, meeting);
    EXPECT_FALSE(zero.told_within(milliseconds(0)));
  }
  const JobEnd end = zero.end();
  EXPECT_EQ(end.exit_status, 1);
  EXPECT_THAT(end.reason, StartsWith("rank 2 of 4 (node7, process 1234) died"));
  EXPECT_EQ(one.end().reason, end.reason);
  EXPECT_EQ(three.hear(), "end 1 " + end.reason);
}

TEST(Lifeline, TheFirstDeathIsTheOneThatCounts) {
  std::string meeting;
  Rank zero(0, 3, meeting);
  std::optional<Foreigner> one(std::in_place, 1, meeting), two(std::in_place, 2, meeting);
  two.reset();
  EXPECT_THAT(one->hear(), StartsWith("end 1 rank 2 of 3"));
  one.reset();  // ends as it was told to
  EXPECT_THAT(zero.end().reason, StartsWith("rank 2 of 3"));
}

TEST(Lifeline, AnOrderlyEndIsNoDeath) {
  std::string meeting;
  Rank zero(0, 3, meeting);
  std::optional<Foreigner> one(std::in_place, 1, meeting);
  one->say("goodbye");
  one.reset();
  Foreigner two(2, meeting);  // welcomed after the goodbye has been heard
  EXPECT_FALSE(zero.told_within(milliseconds(100)));
  zero.leave();
  EXPECT_EQ(two.hear(), "goodbye");
}

TEST(Lifeline, RanksLeaveInAnyOrder) {
  for (const bool zero_first : {false, true}) {
    std::string meeting;
    Rank zero(0, 2, meeting);
    Rank one(1, 2, meeting);
    zero_first ? zero.leave() : one.leave();
    EXPECT_FALSE((zero_first ? one : zero).told_within(milliseconds(100)));
  }
}

TEST(Lifeline, TheDeathOfRankZeroIsNoticed) {
  const Listener listener;
  std::string meeting = std::to_string(listener.port()) + " token 77 node0 127.0.0.1";
  auto zero = std::async(std::launch::async, [&] {
    Bell().wait(std::vector{listener.fd()}, kDeadline);
    auto socket = listener.accept();
    socket->send("welcome");
    return socket;
  });
  Rank one(1, 2, meeting);
  zero.get().reset();
  EXPECT_THAT(one.end().reason, StartsWith("rank 0 of 2 (node0, process 77) died"));
}

TEST(Lifeline, ARankThatComesAfterADeathIsTold) {
  std::string meeting;
  Rank zero(0, 3, meeting);
  { const Foreigner one(1, meeting); }
  EXPECT_THAT(zero.end().reason, StartsWith("rank 1 of 3"));
  Foreigner two(2, meeting);
  EXPECT_THAT(two.hear(), StartsWith("end 1 rank 1 of 3"));
}

TEST(Lifeline, AMachineThatVanishesFromTheNetworkIsDead) {
  std::string meeting;
  Rank zero(0, 3, meeting);
  Foreigner one(1, meeting), two(2, meeting);
  one.vanish();
  EXPECT_THAT(zero.end().reason, StartsWith("rank 1 of 3"));
  EXPECT_THAT(two.hear(), StartsWith("end 1 rank 1 of 3"));
}

TEST(Lifeline, ARankThatIsSilentButLivesIsNot) {
  std::string meeting;
  Rank zero(0, 2, meeting);
  const Foreigner one(1, meeting);
  EXPECT_FALSE(zero.told_within(kSilence + seconds(1)));
}

TEST(Lifeline, ARankMayEndTheJobForAll) {
  std::string meeting;
  Rank zero(0, 3, meeting);
  Foreigner one(1, meeting), two(2, meeting);
  one.say("end 2 rank 1 of 3 ended the job");
  EXPECT_EQ(zero.end().exit_status, 2);
  EXPECT_EQ(two.hear(), "end 2 rank 1 of 3 ended the job");
}

TEST(Lifeline, RankZeroMayEndTheJobForAll) {
  std::string meeting;
  Rank zero(0, 2, meeting);
  Foreigner one(1, meeting);
  zero.lifeline().end_job(75);
  EXPECT_THAT(one.hear(), StartsWith("end 75 rank 0 of 2 ("));
}

TEST(Lifeline, StrangersAreSentAway) {
  std::string meeting;
  Rank zero(0, 2, meeting);
  EXPECT_THROW(Foreigner(1, meeting.substr(0, meeting.find(' ')) + " guess"), std::runtime_error);
  EXPECT_THROW(Foreigner(0, meeting), std::runtime_error);
  const Foreigner one(1, meeting);
  EXPECT_FALSE(zero.told_within(milliseconds(0)));
}

TEST(Lifeline, WithoutAConnectionTheJobGoesOn) {
  std::uint16_t closed = 0;
  {
    const Listener listener;
    closed = listener.port();
  }
  std::string meeting = std::to_string(closed) + " token 77 node0 127.0.0.1";
  Rank one(1, 2, meeting);
  EXPECT_FALSE(one.told_within(milliseconds(100)));
}

TEST(Lifeline, APortThatDoesNotAnswerIsGivenUp) {
  const Listener deaf;
  std::string meeting = std::to_string(deaf.port()) + " token 77 node0 127.0.0.1";
  Rank one(1, 2, meeting);
  EXPECT_FALSE(one.told_within(milliseconds(0)));
}

TEST(LineSocket, ALineWithoutEndClosesTheConnection) {
  const Listener listener;
  const Bell bell;
  auto near = LineSocket::connect("127.0.0.1", listener.port(), kDeadline, bell);
  ASSERT_TRUE(near);
  bell.wait(std::vector{listener.fd()}, kDeadline);
  auto far = listener.accept();
  ASSERT_TRUE(far);
  near->send(std::string(4095, 'x'));
  near->send(std::string(10'000, 'x'));
  std::vector<std::size_t> lines;
  while (!far->closed()) {
    bell.wait(std::vector{far->fd()}, kDeadline);
    far->receive();
    while (const auto line = far->next_line()) lines.push_back(line->size());
  }
  EXPECT_THAT(lines, testing::ElementsAre(4095));
}

TEST(LineSocket, OwnAddressesEndWithLoopback) {
  ASSERT_FALSE(own_addresses().empty());
  EXPECT_THAT(own_addresses().back(), StartsWith("127."));
}

}  // namespace
}  // namespace chorale::comm
