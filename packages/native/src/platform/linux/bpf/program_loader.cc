#include "platform/linux/bpf/program_loader.h"

#include <unistd.h>

#include <cerrno>

#include "platform/linux/bpf/light_program.h"
#include "platform/linux/bpf/program.h"
#include "platform/linux/bpf/records.h"
#include "platform/linux/bpf/requirements.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

constexpr uint32_t kTraceIterator = 28;

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

// The maps and the program, as generate.mjs makes sure they are.
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

template <typename Context>
Failure load(const LightProgram& program, Context& context) {
  return load_light_program(program, &context.head, size_of_context<Context>());
}

// The descriptors of a program and of its memory.
struct Loaded {
  int memory = -1;
  int program = -1;
};

Failure load_program(Program which, Loaded& loaded) {
  if (which == Program::kTasks) {
    TasksContext context = {};
    const Failure failure = load({kTasksLoaderInstructions, kTasksLoaderData}, context);
    if (failure.ok()) loaded = {context.memory.fd, context.program};
    return failure;
  }
  UsageContext context = {};
  const Failure failure = load({kUsageLoaderInstructions, kUsageLoaderData}, context);
  if (!failure.ok()) return failure;
  // The program holds it.
  close(context.processors.fd);
  loaded = {context.memory.fd, context.program};
  return {};
}

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
  Loaded loaded;
  const Failure failure = load_program(which_, loaded);
  if (!failure.ok()) return failure;
  memory_ = loaded.memory;
  program_ = loaded.program;
  LinkCreate link = {static_cast<uint32_t>(program_), 0, kTraceIterator, 0};
  link_ = bpf_call(BpfCommand::kLinkCreate, link);
  return link_ < 0 ? refused_by_kernel(errno) : Failure{};
}

int TaskProgram::start() {
  IteratorCreate create = {static_cast<uint32_t>(link_), 0};
  return bpf_call(BpfCommand::kIteratorCreate, create);
}

Failure TaskProgram::want(unsigned wants, int from) {
  if (said_.tasks.wants == wants && said_.tasks.from == from) return {};
  said_.tasks.wants = wants;
  said_.tasks.from = from;
  said_.tasks.usage_bytes = static_cast<unsigned>(usage_bytes(wants));
  return update_map(memory_, &said_) ? Failure{} : failure_of(errno, "bpf");
}

}  // namespace psutil
