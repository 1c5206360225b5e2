#include "pipeline/comm/work_queue.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>

#include "pipeline/comm/mpi_call.hpp"
#include "pipeline/runtime/log.hpp"
#include "pipeline/runtime/signals.hpp"

// The protocol. A worker sends kWant and gets an item number, or one of the two endings. Rank 0 keeps
// everybody who finds no item waiting until all items are done, so that all ranks learn of the same ending:
// kNothingLeft, or kStop when any rank was asked to stop before that. kStop also reaches a worker in the
// middle of an item. The last message of a worker is kGoodbye; rank 0 waits for it, so no message is under
// way when the queue is gone.
namespace chorale::comm {
namespace {

constexpr int kTag = 1;
enum ToRankZero : std::int64_t { kWant, kTally, kStopRequested, kGoodbye };
enum Ending : std::int64_t { kNothingLeft = -1, kStop = -2 };  // in the place of an item number
constexpr std::chrono::seconds kTallyInterval{1};

// Short against a track's time, long enough to leave the processor to a rank that works.
void doze() { std::this_thread::sleep_for(std::chrono::microseconds(500)); }

}  // namespace

class QueueEnd {
 public:
  explicit QueueEnd(const MpiSession& session) : comm_(session) {}
  virtual ~QueueEnd() = default;
  virtual std::optional<std::size_t> next() = 0;
  virtual void poll(Tally mine) = 0;
  virtual Tally total() const = 0;
  virtual void finish() = 0;  // returns when no message is under way
  virtual void leave() = 0;   // in the place of finish() while an exception unwinds: does not wait
  bool stopped() const { return stopped_; }
  bool unwinding() const { return std::uncaught_exceptions() > exceptions_; }

 protected:
  struct Message {
    std::int64_t value;  // ToRankZero, an item number, or Ending
    Tally tally;
  };
  struct Received : Message {
    int from;
  };

  void send(int rank, std::int64_t value, Tally tally = {}) {
    const Message message{value, tally};
    check(MPI_Send(&message, sizeof message, MPI_BYTE, rank, kTag, comm_.get()), "MPI_Send");
  }

  std::optional<Received> receive(int from) {
    if (comm_.get() == MPI_COMM_NULL) return std::nullopt;
    int there = 0;
    MPI_Status status;
    check(MPI_Iprobe(from, kTag, comm_.get(), &there, &status), "MPI_Iprobe");
    if (there == 0) return std::nullopt;
    Message message;
    check(
        MPI_Recv(&message, sizeof message, MPI_BYTE, status.MPI_SOURCE, kTag, comm_.get(), MPI_STATUS_IGNORE),
        "MPI_Recv");
    return Received{message, status.MPI_SOURCE};
  }

  bool stopped_ = false;

 private:
  OwnedComm comm_;
  int exceptions_ = std::uncaught_exceptions();
};

namespace {

class RankZero : public QueueEnd {
 public:
  RankZero(const MpiSession& session, std::vector<std::size_t> order)
      : QueueEnd(session),
        order_(std::move(order)),
        workers_(static_cast<std::size_t>(session.size() - 1), Worker::kBusy),
        tallies_(static_cast<std::size_t>(session.size())) {}

  std::optional<std::size_t> next() override {
    serve();
    if (!stopped_ && given_ < order_.size()) return order_[given_++];
    while (!stopped_ && any(Worker::kBusy)) {
      doze();
      serve();
    }
    tell_all(stopped_ ? kStop : kNothingLeft);
    return std::nullopt;
  }

  void poll(Tally mine) override {
    tallies_[0] = mine;
    serve();
  }

  Tally total() const override {
    Tally sum;
    for (const Tally& tally : tallies_) {
      sum.tracks += tally.tracks;
      sum.seconds += tally.seconds;
    }
    return sum;
  }

  void finish() override {
    while (any(Worker::kTold)) {
      serve();
      doze();
    }
  }

  void leave() override {}

 private:
  enum class Worker { kBusy, kWaiting, kTold, kGone };

  static int rank_of(std::size_t worker) { return static_cast<int>(worker) + 1; }
  bool any(Worker state) const {
    return std::find(workers_.begin(), workers_.end(), state) != workers_.end();
  }

  void serve() {
    while (const auto message = receive(MPI_ANY_SOURCE)) take(*message);
    if (runtime::stop_requested()) stopped_ = true;
    if (stopped_) return tell_all(kStop);
    for (std::size_t w = 0; w < workers_.size() && given_ < order_.size(); ++w) {
      if (workers_[w] != Worker::kWaiting) continue;
      workers_[w] = Worker::kBusy;
      send(rank_of(w), static_cast<std::int64_t>(order_[given_++]));
    }
  }

  // What a worker sends before it knows that it was told the end has crossed that message, and is void.
  void take(const Received& message) {
    Worker& worker = workers_[static_cast<std::size_t>(message.from) - 1];
    if (message.value == kTally || message.value == kWant) {
      tallies_[static_cast<std::size_t>(message.from)] = message.tally;
    }
    if (message.value == kGoodbye) {
      worker = Worker::kGone;
    } else if (worker != Worker::kTold) {
      if (message.value == kWant) worker = Worker::kWaiting;
      if (message.value == kStopRequested) stopped_ = true;
    }
  }

  void tell_all(Ending ending) {
    for (std::size_t w = 0; w < workers_.size(); ++w) {
      if (workers_[w] != Worker::kBusy && workers_[w] != Worker::kWaiting) continue;
      workers_[w] = Worker::kTold;
      send(rank_of(w), ending);
    }
  }

  std::vector<std::size_t> order_;
  std::size_t given_ = 0;
  std::vector<Worker> workers_;  // ranks 1, 2, ...
  std::vector<Tally> tallies_;   // ranks 0, 1, ...
};

class OtherRank : public QueueEnd {
 public:
  using QueueEnd::QueueEnd;

  std::optional<std::size_t> next() override {
    if (stopped_ || ended_) return std::nullopt;
    send(0, kWant, mine_);
    const std::int64_t answer = wait_for_rank_zero();
    if (answer < 0) return std::nullopt;
    return static_cast<std::size_t>(answer);
  }

  void poll(Tally mine) override {
    if (ended_) return;
    tell(mine);
    if (const auto message = receive(0)) {
      note(message->value);
    } else if (pass_on_stop()) {
      stopped_ = true;  // rank 0 cannot have ended the work: this rank is busy
    }
  }

  Tally total() const override { return mine_; }

  void finish() override {
    if (stopped_ && !ended_) wait_for_rank_zero();
    send(0, kGoodbye);
  }

  void leave() override { send(0, kGoodbye); }

 private:
  std::int64_t wait_for_rank_zero() {
    for (;;) {
      if (const auto message = receive(0)) return note(message->value);
      pass_on_stop();
      doze();
    }
  }

  std::int64_t note(std::int64_t value) {
    ended_ = value < 0;
    if (ended_) stopped_ = value == kStop;
    return value;
  }

  void tell(Tally mine) {
    mine_ = mine;
    const auto now = std::chrono::steady_clock::now();
    if (now - told_ < kTallyInterval) return;
    told_ = now;
    send(0, kTally, mine);
  }

  bool pass_on_stop() {
    if (!runtime::stop_requested()) return false;
    if (!passed_on_) send(0, kStopRequested);
    passed_on_ = true;
    return true;
  }

  Tally mine_;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
  bool ended_ = false;      // rank 0 has told how it ends
  bool passed_on_ = false;  // rank 0 was told of a stop request
};

std::unique_ptr<QueueEnd> make_end(const MpiSession& session, std::vector<std::size_t> order) {
  if (session.rank() == 0) return std::make_unique<RankZero>(session, std::move(order));
  return std::make_unique<OtherRank>(session);
}

}  // namespace

WorkQueue::WorkQueue(const MpiSession& session, std::vector<std::size_t> order)
    : end_(make_end(session, std::move(order))) {}

WorkQueue::~WorkQueue() {
  try {
    end_->unwinding() ? end_->leave() : end_->finish();
  } catch (const MpiError& error) {
    spdlog::error("while closing the work queue: {}", error.what());
  }
}

std::optional<std::size_t> WorkQueue::next() { return end_->next(); }

bool WorkQueue::poll(Tally mine) {
  end_->poll(mine);
  return end_->stopped();
}

Tally WorkQueue::total() const { return end_->total(); }

bool WorkQueue::stopped() const { return end_->stopped(); }

}  // namespace chorale::comm
