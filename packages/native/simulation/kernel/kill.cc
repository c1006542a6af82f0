// kill(2), which takes the same in every system.
#include <sys/types.h>

#include <signal.h>

#include "kernel/errors.h"
#include "kernel/table.h"

using simulation::fail;
using simulation::Held;
using simulation::Outcome;
using simulation::Process;

extern "C" int kill(pid_t pid, int signal) {
  Held held;
  const Outcome outcome = held.call("kill", pid);
  if (outcome.error != nullptr) return fail(outcome.error);
  if (signal < 0 || signal > 128) return fail("EINVAL");
  Process* process = held.find(pid);
  if (process == nullptr) return fail("ESRCH");
  if ((process->denied & Process::kDeniedSet) != 0) return fail("EPERM");
  process->received = signal;
  return 0;
}
