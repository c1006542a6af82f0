#include "platform/linux/bpf/light_program.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "platform/linux/bpf/requirements.h"
#include "platform/shared/errno.h"
#include "platform/shared/file.h"

namespace psutil {
namespace {

constexpr uint32_t kArray = 2;
constexpr uint32_t kSystemCallProgram = 31;
constexpr uint32_t kSleepable = 16;

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

int make_loader_map(const Array<uint8_t>& data) {
  MapCreate create = {};
  create.type = kArray;
  create.key_size = sizeof(uint32_t);
  create.value_size = static_cast<uint32_t>(data.size());
  create.entries = 1;
  std::memcpy(create.name, "__loader.map", sizeof "__loader.map");
  return bpf_call(BpfCommand::kMapCreate, create);
}

int load_loader(const Array<uint8_t>& instructions, const int& map) {
  ProgramLoad load = {};
  load.type = kSystemCallProgram;
  load.count = static_cast<uint32_t>(instructions.size() / 8);
  load.instructions = address_of(instructions.data());
  load.license = address_of("Dual BSD/GPL");
  load.flags = kSleepable;
  load.descriptors = address_of(&map);
  std::memcpy(load.name, "__loader.prog", sizeof "__loader.prog");
  return bpf_call(BpfCommand::kProgramLoad, load);
}

bool run_loader(int loader, LoaderHead* context, uint32_t context_size) {
  ProgramRun run = {};
  run.program = static_cast<uint32_t>(loader);
  run.context_size = context_size;
  run.context = address_of(context);
  if (bpf_call(BpfCommand::kProgramRun, run) != 0) return false;
  if (run.answer >= 0) return true;
  errno = -run.answer;
  return false;
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

Failure load_light_program(const LightProgram& program, LoaderHead* context, uint32_t context_size) {
  Array<uint8_t> instructions;
  Array<uint8_t> data;
  if (!unpack(program.instructions, instructions) || !unpack(program.data, data)) return failure_of(ENOMEM, "malloc");
  const SignalsWait signals_wait;
  const Descriptor map(make_loader_map(data));
  if (map.get() < 0 || !update_map(map.get(), data.data())) return refused_by_kernel(errno);
  const int map_number = map.get();
  const Descriptor loader(load_loader(instructions, map_number));
  if (loader.get() < 0) return refused_by_kernel(errno);
  context->size = context_size;
  if (run_loader(loader.get(), context, context_size)) return {};
  // The loader itself was let in: EACCES is the verifier's verdict on the program, and not a permission.
  return refused_by_kernel(errno == EACCES ? EINVAL : errno);
}

int bpf_call(BpfCommand command, void* attributes, size_t size) {
  return static_cast<int>(syscall(SYS_bpf, static_cast<int>(command), attributes, size));
}

bool update_map(int map, const void* value) {
  const uint32_t key = 0;
  MapUpdate attributes = {};
  attributes.map = static_cast<uint32_t>(map);
  attributes.key = address_of(&key);
  attributes.value = address_of(static_cast<const char*>(value));
  return bpf_call(BpfCommand::kMapUpdate, attributes) == 0;
}

int bpf_refused() {
  // A map of no type: a thread that may create maps gets the error that there is no such type.
  MapCreate nothing = {};
  const int made = bpf_call(BpfCommand::kMapCreate, nothing);
  if (made >= 0) close(made);
  return made >= 0 || errno == EINVAL ? 0 : errno;
}

}  // namespace psutil
