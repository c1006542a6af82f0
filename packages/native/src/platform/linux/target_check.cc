#include "platform/linux/target_check.h"

#include <cerrno>
#include <string_view>

#include "platform/linux/process_reader.h"
#include "platform/procfs/stat.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

Failure check_serial(const ProcessRef& target, const Pidfd& held) {
  const double meant = serial_of(target.start);
  if (meant == 0) return {};
  double serial;
  const Failure failure = held.serial(serial);
  if (!failure.ok()) return failure;
  return serial == meant ? Failure{} : gone("pidfd_open");
}

Failure check_start(ProcRoot& root, const ProcessRef& target, int directory, const char* path) {
  std::string_view text;
  const Failure failure = root.read(directory, path, text);
  if (failure.number == ENOENT) return gone("open");
  if (!failure.ok()) return failure;
  StatText stat;
  if (!parse_stat(text, stat)) return failure_of(EIO, "read");
  return static_cast<double>(stat.start) == tick_of(target.start) ? Failure{} : gone("open");
}

Failure check_start(ProcRoot& root, const ProcessRef& target) {
  return check_start(root, target, root.fd(), PidPath(target.pid).file("stat"));
}

}  // namespace

Failure is_held(ProcRoot& root, const ProcessRef& target, const Pidfd& held) {
  Failure failure = check_serial(target, held);
  if (failure.ok()) failure = check_start(root, target);
  // Once it has been reaped there is no file of it. Its serial has been compared, if it has one.
  if (failure.kind == Failure::Kind::kGone && serial_of(target.start) != 0 && held.is_reaped()) {
    return check_serial(target, held);
  }
  return failure;
}

Failure TargetCheck::before() {
  Failure failure = check_number();
  if (!failure.ok() || !target_.is_bound()) return failure;
  // The descriptor holds the process that has the PID now. It is opened first, so that serial and start are its.
  failure = check_serial();
  return failure.ok() ? check_start(root_, target_) : failure;
}

Failure TargetCheck::before(int directory) {
  Failure failure = check_number();
  if (!failure.ok() || !target_.is_bound()) return failure;
  // If `stat` can be read beneath the directory afterwards, its process still had the number when the pidfd was opened.
  failure = check_serial();
  return failure.ok() ? check_start(root_, target_, directory, "stat") : failure;
}

Failure TargetCheck::after(const Failure& result) {
  if (!target_.is_bound()) return result;
  // While it has not been waited for, its PID cannot have been given to another: it was the right one.
  if (held_ && held_->is_open()) return held_->is_reaped() ? gone(syscall_) : result;
  const Failure failure = check_start(root_, target_);
  return failure.kind == Failure::Kind::kGone || result.ok() ? failure : result;
}

Failure TargetCheck::check_number() const {
  if (!root_.own()) return unsupported(syscall_);
  // The kernel takes 0 for the caller.
  return target_.pid <= 0 || !is_process(target_.pid) ? gone(syscall_) : Failure{};
}

// Whether it is the one of all that had this PID and began at that tick.
Failure TargetCheck::check_serial() {
  held_.emplace(target_.pid);
  // A kernel before 5.3 has none, and a filter may deny it: there the start is looked at again.
  if (!held_->is_open()) return held_->is_denied() ? Failure{} : held_->failure();
  return psutil::check_serial(target_, *held_);
}

}  // namespace psutil
