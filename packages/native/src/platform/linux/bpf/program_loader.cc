#include "platform/linux/bpf/program_loader.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "platform/linux/bpf/program.h"
#include "platform/linux/bpf/requirements.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

// What is used of union bpf_attr. Headers of an old system lack the newer commands, and the numbers and
// places are the kernel's ABI: include/uapi/linux/bpf.h.
enum Command : int {
  kMapCreate = 0,
  kMapUpdate = 2,
  kProgramLoad = 5,
  kProgramRun = 10,
  kLinkCreate = 28,
  kIteratorCreate = 33,
};
constexpr uint32_t kArray = 2;
constexpr uint32_t kSystemCallProgram = 31;
constexpr uint32_t kSleepable = 16;
constexpr uint32_t kTraceIterator = 28;

struct MapCreate {
  uint32_t type;
  uint32_t key_size;
  uint32_t value_size;
  uint32_t entries;
  uint32_t unused[3];
  char name[16];
};

struct MapUpdate {
  uint32_t map;
  uint32_t unused;
  uint64_t key;
  uint64_t value;
  uint64_t flags;
};
static_assert(offsetof(MapUpdate, value) == 16);

struct ProgramLoad {
  uint32_t type;
  uint32_t count;
  uint64_t instructions;
  uint64_t license;
  uint32_t log[4];
  uint32_t version;
  uint32_t flags;
  char name[16];
  uint64_t unused[7];
  uint64_t descriptors;
};
static_assert(offsetof(ProgramLoad, flags) == 44 && offsetof(ProgramLoad, descriptors) == 120);

struct ProgramRun {
  uint32_t program;
  int32_t answer;
  uint64_t unused[4];
  uint32_t context_size;
  uint32_t context_size_out;
  uint64_t context;
  uint64_t unused_too[2];
};
static_assert(offsetof(ProgramRun, context_size) == 40 && offsetof(ProgramRun, context) == 48);

struct LinkCreate {
  uint32_t program;
  uint32_t target;
  uint32_t type;
  uint32_t flags;
};

struct IteratorCreate {
  uint32_t link;
  uint32_t flags;
};

// What the loading program is given and answers with: a head, then the maps, then the programs, as
// generate.mjs makes sure they are.
struct LoaderHead {
  uint32_t size;
  uint32_t flags;
  uint32_t log_level;
  uint32_t log_size;
  uint64_t log;
};

struct LoadedMap {
  int32_t descriptor;
  uint32_t entries;
  uint64_t value;
};

struct TasksContext {
  LoaderHead head;
  LoadedMap memory;
  int32_t program;
};

struct UsageContext {
  LoaderHead head;
  LoadedMap processors;
  LoadedMap memory;
  int32_t program;
};

template <typename Context>
constexpr uint32_t size_of_context() {
  return offsetof(Context, program) + sizeof(int32_t);
}
static_assert(size_of_context<TasksContext>() == 44 && size_of_context<UsageContext>() == 60);

struct Loader {
  Array<uint8_t> instructions;
  Array<uint8_t> data;
};

bool unpack(Program which, Loader& loader) {
  const bool is_tasks = which == Program::kTasks;
  return unpack(is_tasks ? kTasksLoaderInstructions : kUsageLoaderInstructions, loader.instructions) &&
         unpack(is_tasks ? kTasksLoaderData : kUsageLoaderData, loader.data);
}

template <typename T>
uint64_t address(const T* pointer) {
  return reinterpret_cast<uintptr_t>(pointer);
}

// Every descriptor that the kernel makes here is closed on exec.
template <typename Attributes>
int bpf(Command command, Attributes& attributes) {
  return static_cast<int>(syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

int make_loader_map(const Loader& loader) {
  MapCreate create = {};
  create.type = kArray;
  create.key_size = sizeof(uint32_t);
  create.value_size = static_cast<uint32_t>(loader.data.size());
  create.entries = 1;
  std::memcpy(create.name, "__loader.map", sizeof "__loader.map");
  return bpf(kMapCreate, create);
}

bool update(int map, const void* value) {
  const uint32_t key = 0;
  MapUpdate attributes = {};
  attributes.map = static_cast<uint32_t>(map);
  attributes.key = address(&key);
  attributes.value = address(static_cast<const char*>(value));
  return bpf(kMapUpdate, attributes) == 0;
}

int load_loader(const Loader& loader, const int& map) {
  ProgramLoad load = {};
  load.type = kSystemCallProgram;
  load.count = static_cast<uint32_t>(loader.instructions.size() / 8);
  load.instructions = address(loader.instructions.data());
  load.license = address("Dual BSD/GPL");
  load.flags = kSleepable;
  load.descriptors = address(&map);
  std::memcpy(load.name, "__loader.prog", sizeof "__loader.prog");
  return bpf(kProgramLoad, load);
}

template <typename Context>
bool run_loader(int loader, Context& context) {
  context.head.size = size_of_context<Context>();
  ProgramRun run = {};
  run.program = static_cast<uint32_t>(loader);
  run.context_size = size_of_context<Context>();
  run.context = address(&context);
  if (bpf(kProgramRun, run) != 0) return false;
  if (run.answer >= 0) return true;
  errno = -run.answer;
  return false;
}

// The descriptors of a program and of its memory.
struct Loaded {
  int memory = -1;
  int program = -1;
};

bool run_loader(Program which, int loader, Loaded& loaded) {
  if (which == Program::kTasks) {
    TasksContext context = {};
    if (!run_loader(loader, context)) return false;
    loaded = {context.memory.descriptor, context.program};
    return true;
  }
  UsageContext context = {};
  if (!run_loader(loader, context)) return false;
  // The program holds it.
  close(context.processors.descriptor);
  loaded = {context.memory.descriptor, context.program};
  return true;
}

// The kernel's verifier gives up (EAGAIN) as soon as the thread has a signal, and a profiler sends hundreds a second:
// while this lives they wait. Not SIGSYS, by which a sandbox makes a call in the program's stead: blocked, it ends the program.
class SignalsWait {
 public:
  SignalsWait() {
    sigset_t all;
    sigfillset(&all);
    sigdelset(&all, SIGSYS);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsWait() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

void TaskProgram::unload() {
  for (int* fd : {&link_, &program_, &memory_}) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
  }
  // The next one's memory is empty again.
  said_ = {};
}

Failure TaskProgram::load() {
  if (link_ >= 0 || !refused_.ok()) return refused_;
  Failure failure = missing_for_bpf();
  if (failure.ok()) failure = load_anew();
  if (!failure.ok()) unload();
  if (failure.lasts) refused_ = failure;
  return failure;
}

Failure TaskProgram::load_anew() {
  const SignalsWait signals_wait;
  Loader how;
  if (!unpack(which_, how)) return failure_of(ENOMEM, "malloc");
  const Descriptor map(make_loader_map(how));
  if (map.get() < 0 || !update(map.get(), how.data.data())) return refused_by_kernel(errno);
  const int map_number = map.get();
  const Descriptor loader(load_loader(how, map_number));
  if (loader.get() < 0) return refused_by_kernel(errno);
  Loaded loaded;
  if (!run_loader(which_, loader.get(), loaded)) {
    // The loader itself was let in: EACCES is the verifier's verdict on the program, and not a permission.
    return refused_by_kernel(errno == EACCES ? EINVAL : errno);
  }
  memory_ = loaded.memory;
  program_ = loaded.program;
  LinkCreate link = {static_cast<uint32_t>(program_), 0, kTraceIterator, 0};
  link_ = bpf(kLinkCreate, link);
  return link_ < 0 ? refused_by_kernel(errno) : Failure{};
}

int TaskProgram::start() {
  IteratorCreate create = {static_cast<uint32_t>(link_), 0};
  return bpf(kIteratorCreate, create);
}

Failure TaskProgram::want(unsigned wants, int from) {
  if (said_.tasks.wants == wants && said_.tasks.from == from) return {};
  said_.tasks.wants = wants;
  said_.tasks.from = from;
  return update(memory_, &said_) ? Failure{} : failure_of(errno, "bpf");
}

int bpf_refused() {
  // A map of no type: a thread that may create maps gets the error that there is no such type.
  MapCreate nothing = {};
  const int made = bpf(kMapCreate, nothing);
  if (made >= 0) close(made);
  return made >= 0 || errno == EINVAL ? 0 : errno;
}

}  // namespace psutil
