// Events through BPF: the program of events.bpf.c writes them into a ring buffer.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string_view>

#include "core/text.h"
#include "platform/linux/bpf/light_program.h"
#include "platform/linux/bpf/requirements.h"
#include "platform/linux/events/event_clock.h"
#include "platform/linux/events/event_record.h"
#include "platform/linux/events/events.h"
#include "platform/linux/events/program.h"
#include "platform/linux/events/ring_reader.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr size_t kPrograms = 4;

// The maps and the programs, as generate.mjs makes sure they are.
struct LoaderContext {
  LoaderHead head;
  LoadedMap ring;
  LoadedMap memory;
  int32_t programs[kPrograms];
};
constexpr uint32_t kContextSize = offsetof(LoaderContext, programs) + kPrograms * sizeof(int32_t);

struct RawTracepointOpen {
  uint64_t name;  // none: the program knows its own
  uint32_t program;
};

// Closes what is in it.
template <size_t kCount>
struct Descriptors {
  int fds[kCount];
  Descriptors() {
    for (int& fd : fds) fd = -1;
  }
  ~Descriptors() {
    for (int fd : fds) {
      if (fd >= 0) close(fd);
    }
  }
};

// The inode of this process's PID namespace, from a link such as "pid:[4026531836]".
Failure own_namespace(ProcRoot& root, uint32_t& inode) {
  char target[32];
  const ssize_t length = readlinkat(root.fd(), "self/ns/pid", target, sizeof target);
  if (length < 0) return failure_of(errno, "readlink");
  std::string_view text(target, static_cast<size_t>(length));
  text.remove_prefix(std::min(text.size(), std::string_view("pid:[").size()));
  Scanner scanner(text);
  return scanner.number(inode) ? Failure{} : failure_of(EBADMSG, "readlink");
}

class BpfFeed : public EventFeed {
 public:
  ~BpfFeed() override {
    if (memory_ != nullptr) munmap(memory_, sizeof(EventMemory));
  }

  Failure open();
  int fd() const override { return ring_.fds[0]; }
  void want_renames(bool wanted) override {
    __atomic_store_n(&memory_->renames, wanted ? 1u : 0u, __ATOMIC_RELAXED);
  }
  Failure read(EventWriter& events) override;

 private:
  Failure load(Descriptors<kPrograms>& programs);
  bool put(std::string_view text, EventWriter& events);
  bool put_lost(uint32_t lost, EventWriter& events);

  ProcRoot root_{"/proc"};
  EventClock clock_;
  EventMemory* memory_ = nullptr;
  uint32_t lost_ = 0;  // of those, how many are reported
  Descriptors<1> ring_;
  RingReader reader_;
  Descriptors<kPrograms> links_;
};

Failure BpfFeed::open() {
  Failure failure = missing_for_bpf();
  if (failure.ok()) failure = root_.open();
  if (failure.ok() && !clock_.look(root_)) {
    failure = lacking_for_bpf("/proc/stat, which has the time of boot, cannot be read");
  }
  Descriptors<kPrograms> programs;
  if (failure.ok()) failure = load(programs);
  // First the ends, then the beginnings: a process whose beginning is reported is one whose end will be.
  constexpr size_t kOrder[kPrograms] = {2, 1, 3, 0};
  for (size_t program : kOrder) {
    if (!failure.ok()) break;
    RawTracepointOpen attach = {0, static_cast<uint32_t>(programs.fds[program])};
    links_.fds[program] = bpf_call(BpfCommand::kRawTracepointOpen, attach);
    if (links_.fds[program] < 0) failure = refused_by_kernel(errno);
  }
  return failure;
}

Failure BpfFeed::load(Descriptors<kPrograms>& programs) {
  uint32_t inode = 0;
  Failure failure = own_namespace(root_, inode);
  if (!failure.ok()) return failure;
  LoaderContext context = {};
  failure = load_light_program({kEventsLoaderInstructions, kEventsLoaderData}, &context.head, kContextSize);
  if (!failure.ok()) return failure;
  ring_.fds[0] = context.ring.fd;
  for (size_t i = 0; i < kPrograms; i++) programs.fds[i] = context.programs[i];
  void* memory = mmap(nullptr, sizeof(EventMemory), PROT_READ | PROT_WRITE, MAP_SHARED, context.memory.fd, 0);
  const int number = errno;
  close(context.memory.fd);
  if (memory == MAP_FAILED) return failure_of(number, "mmap");
  memory_ = static_cast<EventMemory*>(memory);
  memory_->pid_namespace = inode;
  return reader_.map(ring_.fds[0], kEventRing);
}

Failure BpfFeed::read(EventWriter& events) {
  if (!clock_.look(root_)) return failure_of(EIO, "read");
  std::string_view record;
  while (!events.is_full()) {
    if (!reader_.next(record)) {
      // Those that were lost behind the last record.
      const uint32_t lost = __atomic_load_n(&memory_->lost, __ATOMIC_RELAXED);
      return put_lost(lost, events) ? Failure{} : failure_of(ENOMEM, "malloc");
    }
    if (!put(record, events)) return failure_of(ENOMEM, "malloc");
    reader_.take();
  }
  return {};
}

bool BpfFeed::put(std::string_view text, EventWriter& events) {
  if (text.size() < sizeof(EventRecord)) return true;
  const auto& record = *reinterpret_cast<const EventRecord*>(text.data());
  if (!put_lost(record.lost, events)) return false;
  ProcessEvent event = {static_cast<int32_t>(record.kind), record.pid, record.value, clock_.at(record.time),
                        clock_.start_at(record.start), {}, {}};
  event.name = {record.name, strnlen(record.name, sizeof record.name)};
  const std::string_view path = text.substr(sizeof record);
  event.path = path.substr(0, strnlen(path.data(), path.size()));
  return events.put(event);
}

bool BpfFeed::put_lost(uint32_t lost, EventWriter& events) {
  // It counts on after 2³².
  const auto count = static_cast<int32_t>(lost - lost_);
  if (count <= 0) return true;
  lost_ = lost;
  return events.put({ProcessEvent::kLost, 0, count, std::nan(""), std::nan(""), {}, {}});
}

}  // namespace

std::unique_ptr<EventFeed> open_bpf_events(Failure& failure) {
  auto feed = std::make_unique<BpfFeed>();
  failure = feed->open();
  if (!failure.ok()) return nullptr;
  return feed;
}

}  // namespace psutil
