// The scheduling policy and the real-time priority: https://man7.org/linux/man-pages/man2/sched_setscheduler.2.html.
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/actions/actions.h"
#include "platform/linux/actions/thread_attribute.h"
#include "platform/linux/scheduler_policy.h"

namespace psutil {
namespace {

// SCHED_RESET_ON_FORK, a flag in the same number as the policy.
constexpr long kResetOnFork = 0x40000000;

struct Scheduler {
  struct Value {
    long policy;  // with the flag
    int priority;
    bool operator==(const Value& other) const { return policy == other.policy && priority == other.priority; }
  };

  // Raw system calls, because musl's functions always fail.
  static Failure get(int32_t tid, Value& value) {
    value.policy = syscall(SYS_sched_getscheduler, tid);
    if (value.policy < 0) return failure_of(errno, "sched_getscheduler");
    SchedulerPolicy known;
    if (!policy_of(static_cast<uint64_t>(value.policy & ~kResetOnFork), known)) return unsupported("sched_getscheduler");
    // struct sched_param has only this number.
    return syscall(SYS_sched_getparam, tid, &value.priority) == 0 ? Failure{} : failure_of(errno, "sched_getparam");
  }

  Failure set(int32_t tid, const Value& before) const {
    const long flag = before.policy & kResetOnFork;
    const int wanted = value.priority;
    if (syscall(SYS_sched_setscheduler, tid, value.policy | flag, &wanted) == 0) return {};
    // Every kernel accepts the other policies with the priorities that the caller has checked.
    const bool is_unknown = errno == EINVAL && value.policy == kPolicyNumbers[static_cast<size_t>(SchedulerPolicy::kExt)];
    return is_unknown ? unsupported("sched_setscheduler") : failure_of(errno, "sched_setscheduler");
  }

  const Value value;
};

}  // namespace

Failure set_scheduler(ProcRoot& root, const Action& action, ActionResult& before) {
  const uint64_t policy = action.arguments[1];
  if (policy >= kPolicyCount) return failure_of(EINVAL, "sched_setscheduler");
  if (static_cast<SchedulerPolicy>(policy) == SchedulerPolicy::kDeadline) {
    Failure failure = unsupported("sched_setscheduler");
    failure.about = "the policy deadline takes a runtime, a deadline and a period: chrt(1) sets them";
    return failure;
  }
  Scheduler scheduler{{kPolicyNumbers[policy], static_cast<int>(action.arguments[2])}};
  Scheduler::Value old = {};
  const Failure failure =
      set_attribute(root, action.target, action.arguments[0] != 0, "sched_setscheduler", scheduler, old);
  if (!failure.ok()) return failure;
  SchedulerPolicy replaced = SchedulerPolicy::kOther;
  policy_of(static_cast<uint64_t>(old.policy & ~kResetOnFork), replaced);
  before.values.push(static_cast<uint64_t>(replaced));
  before.values.push(static_cast<uint64_t>(old.priority));
  return {};
}

}  // namespace psutil
