// Events through netlink's process connector, which needs no BPF: https://docs.kernel.org/driver-api/connector.html. It reports
// threads. A process has ended when the last of its threads has.
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

#include "platform/linux/events/event_clock.h"
#include "platform/linux/events/events.h"
#include "platform/linux/events/proc_connector.h"
#include "platform/linux/events/process_threads.h"
#include "platform/procfs/stat.h"
#include "platform/procfs/status_value.h"
#include "platform/shared/clock.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

constexpr int kConnector = 11;              // NETLINK_CONNECTOR
constexpr uint32_t kGroup = 1;              // CN_IDX_PROC
constexpr int kBuffer = 4 << 20;            // bytes: of short messages the kernel counts several times as many
constexpr int kAcknowledgeMs = 1000;
constexpr double kDrainMs = 100;
constexpr size_t kMessage = 512;
constexpr int kMaxOverruns = 1000;  // between two reads
constexpr uint32_t kMaxCpus = 8192;

Failure about(Failure failure, const char* text) {
  failure.about = text;
  return failure;
}

Failure refused(int number, const char* syscall) {
  switch (number) {
    case EPERM:
    case EACCES:
      return about(failure_of(number, syscall), "CAP_NET_ADMIN is missing");
    case EPROTONOSUPPORT:
    case EAFNOSUPPORT:
    case ENOENT:
    case ECONNREFUSED:
      return about(failure_of(ENOTSUP, syscall),
                   "the process connector (CONFIG_PROC_EVENTS) is not in this kernel or network namespace");
    default:
      return failure_of(number, syscall);
  }
}

class NetlinkFeed : public EventFeed {
 public:
  ~NetlinkFeed() override {
    if (socket_ < 0) return;
    // Older kernels do not notice by themselves that nobody listens any more.
    request(false);
    close(socket_);
  }

  Failure open(bool waits);
  int fd() const override { return socket_; }
  void want_renames(bool wanted) override { renames_ = wanted; }
  Failure read(EventWriter& events) override;

 private:
  Failure listen();
  bool request(bool listens) const;
  Failure await_acknowledgement(int milliseconds);
  // How many bytes were received, 0 where there are none, below 0 with errno.
  ssize_t receive(char (&bytes)[kMessage]);
  bool put(const ConnectorMessage& message, EventWriter& events);
  bool put_gap(const ConnectorMessage& message, EventWriter& events);
  bool put_exit(const ConnectorMessage& message, EventWriter& events);
  bool put_event(ProcessEvent::Kind kind, const ConnectorMessage& message, EventWriter& events);
  enum class Life { kEnded, kLeaderless, kLives };
  Life life_of(const ConnectorMessage& message);

  ProcRoot root_{"/proc"};
  EventClock clock_;
  uint64_t suspended_ = 0;  // nanoseconds of CLOCK_BOOTTIME that CLOCK_MONOTONIC has left out
  int socket_ = -1;
  bool renames_ = false;
  // Whether it may take a while: not in the thread of a program's event loop.
  bool waits_ = false;
  // Another one than those of other programs that begin to listen at the same time.
  const uint32_t request_ =
      static_cast<uint32_t>(static_cast<uint64_t>(read_clock(CLOCK_MONOTONIC))) ^ (static_cast<uint32_t>(getpid()) << 16);
  // By processor, the number of its next message; below 0 before its first.
  Array<int64_t> expected_;
  ProcessThreads threads_;
};

Failure NetlinkFeed::open(bool waits) {
  waits_ = waits;
  Failure failure = root_.open();
  if (!failure.ok()) return failure;
  if (!root_.own()) return about(failure_of(ENOTSUP, "bind"), "/proc is of another PID namespace");
  if (!clock_.look(root_)) return about(failure_of(ENOTSUP, "open"), "/proc/stat, which has the time of boot, cannot be read");
  socket_ = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, kConnector);
  if (socket_ < 0) return refused(errno, "socket");
  failure = listen();
  return failure.ok() ? await_acknowledgement(waits ? kAcknowledgeMs : 0) : failure;
}

Failure NetlinkFeed::listen() {
  // With CAP_NET_ADMIN beyond the limit that others have. It matters only to a machine that starts very many processes.
  if (setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer) != 0) {
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &kBuffer, sizeof kBuffer);
  }
  sockaddr_nl address = {};
  address.nl_family = AF_NETLINK;
  address.nl_groups = kGroup;
  if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return refused(errno, "bind");
  return request(true) ? Failure{} : refused(errno, "send");
}

bool NetlinkFeed::request(bool listens) const {
  char bytes[kRequestBytes];
  write_request(listens, request_, bytes);
  return send(socket_, bytes, sizeof bytes, 0) >= 0;
}

// In other PID and user namespaces than the first the kernel ignores the request, and neither confirms it nor sends events.
Failure NetlinkFeed::await_acknowledgement(int milliseconds) {
  const double until = monotonic_ms() + milliseconds;
  for (;;) {
    char bytes[kMessage];
    const ssize_t got = receive(bytes);
    if (got < 0 && errno != ENOBUFS) return refused(errno, "recvfrom");
    ConnectorMessage message;
    if (got > 0 && parse_connector_message({bytes, static_cast<size_t>(got)}, message) &&
        message.what == ConnectorEvent::kAcknowledged && message.answers == request_ + 1) {
      return message.value == 0 ? Failure{} : refused(message.value, "send");
    }
    const double left = until - monotonic_ms();
    // Another listener may have the kernel send events all the time. The acknowledgement stands behind those that came before it.
    if (got != 0 && left > -kDrainMs) continue;
    pollfd waiting = {socket_, POLLIN, 0};
    const int ready = left > 0 ? poll(&waiting, 1, static_cast<int>(left) + 1) : 0;
    if (ready < 0 && errno != EINTR) return failure_of(errno, "poll");
    if (ready == 0) {
      return about(failure_of(ENOTSUP, "send"),
                   "the process connector is silent outside the first PID and user namespace");
    }
  }
}

ssize_t NetlinkFeed::receive(char (&bytes)[kMessage]) {
  for (;;) {
    sockaddr_nl from = {};
    socklen_t size = sizeof from;
    const ssize_t got = recvfrom(socket_, bytes, sizeof bytes, 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN ? 0 : got;
    // Others may send to this socket: the kernel's port is 0.
    if (got > 0 && from.nl_pid == 0) return got;
  }
}

Failure NetlinkFeed::read(EventWriter& events) {
  if (!clock_.look(root_)) return failure_of(EIO, "read");
  // If this thread waits for a processor between the two, the difference is too small, and never too large.
  for (int reading = 0; reading < 3; reading++) {
    const double since_boot = read_clock(CLOCK_BOOTTIME);
    const double suspended = since_boot - read_clock(CLOCK_MONOTONIC);
    if (suspended > 0) suspended_ = std::max(suspended_, static_cast<uint64_t>(suspended * 1000));
  }
  for (int overruns = 0; !events.is_full();) {
    char bytes[kMessage];
    const ssize_t got = receive(bytes);
    // Messages were dropped. Which, the next ones' numbers say.
    if (got < 0 && errno == ENOBUFS && overruns++ < kMaxOverruns) continue;
    if (got < 0) return failure_of(errno, "recvfrom");
    if (got == 0) break;
    ConnectorMessage message;
    if (!parse_connector_message({bytes, static_cast<size_t>(got)}, message)) continue;
    // Also those that confirm others' requests are counted.
    if (!put_gap(message, events) || !put(message, events)) return failure_of(ENOMEM, "malloc");
  }
  return !waits_ || threads_.look_for_leaderless(root_) ? Failure{} : failure_of(ENOMEM, "malloc");
}

// Each processor numbers its messages.
bool NetlinkFeed::put_gap(const ConnectorMessage& message, EventWriter& events) {
  if (message.cpu >= kMaxCpus) return true;
  while (expected_.size() <= message.cpu) {
    if (!expected_.push(-1)) return false;
  }
  const int64_t expected = expected_[message.cpu];
  expected_[message.cpu] = static_cast<int64_t>(message.sequence) + 1;
  const auto gap = static_cast<int32_t>(message.sequence - static_cast<uint32_t>(expected));
  if (expected < 0 || gap <= 0) return true;
  threads_.lost();
  return events.put({ProcessEvent::kLost, 0, gap, std::nan(""), std::nan(""), {}, {}});
}

bool NetlinkFeed::put(const ConnectorMessage& message, EventWriter& events) {
  const bool is_process = message.thread == message.process;
  switch (message.what) {
    case ConnectorEvent::kFork:
      return is_process ? put_event(ProcessEvent::kFork, message, events) : threads_.begun(message.process);
    case ConnectorEvent::kExec:
      threads_.executed(message.process);
      return put_event(ProcessEvent::kExec, message, events);
    case ConnectorEvent::kComm:
      return !is_process || !renames_ || put_event(ProcessEvent::kRename, message, events);
    case ConnectorEvent::kExit:
      return put_exit(message, events);
    case ConnectorEvent::kAcknowledged:
      break;
  }
  return true;
}

bool NetlinkFeed::put_exit(const ConnectorMessage& message, EventWriter& events) {
  const bool is_leader = message.thread == message.process;
  if (!is_leader && !threads_.ended(message.process)) return false;
  if (!threads_.take_leaderless(message.process) && !is_leader) return true;
  // These are known to live, however late this is read.
  const Life life = threads_.lives(message.process) ? Life::kLeaderless : life_of(message);
  if (life == Life::kLives) return true;
  if (life == Life::kLeaderless) return threads_.put_leaderless(message.process);
  return put_event(ProcessEvent::kExit, message, events);
}

// Threads that have ended are gone when their messages come, and only the main thread stays; but a tracer may keep them.
NetlinkFeed::Life NetlinkFeed::life_of(const ConnectorMessage& message) {
  std::string_view text;
  StatText stat;
  if (!root_.read(root_.fd(), PidPath(message.process).file("stat"), text).ok() ||
      !parse_stat(text, stat, bit(Field::threads) | bit(Field::startTime))) {
    return Life::kEnded;
  }
  if (is_ended(stat.state)) {
    return stat.numbers.i32(Field::threads) > 1 && has_living_thread(root_, message.process) ? Life::kLeaderless : Life::kEnded;
  }
  // A thread has executed a program and has taken the main thread's place and start; or it is the next process with this number.
  return stat.start <= clock_.ticks_at(message.time + suspended_) ? Life::kLives : Life::kEnded;
}

bool NetlinkFeed::put_event(ProcessEvent::Kind kind, const ConnectorMessage& message, EventWriter& events) {
  return events.put({kind, message.process, message.value, clock_.at(message.time + suspended_), std::nan(""), message.name, {}});
}

}  // namespace

std::unique_ptr<EventFeed> open_netlink_events(Failure& failure, bool waits) {
  auto feed = std::make_unique<NetlinkFeed>();
  failure = feed->open(waits);
  if (!failure.ok()) return nullptr;
  return feed;
}

}  // namespace psutil
