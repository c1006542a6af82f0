// `new ExitWatcher(procRoot, ready)`: waits for processes to end. It calls `ready()` in the event loop when take() has something to
// report, and does not keep the loop alive.
#pragma once

#include <napi.h>

#include "binding/loop_poll.h"
#include "platform/exit_watch.h"

namespace psutil {

class ExitWatcher : public Napi::ObjectWrap<ExitWatcher> {
 public:
  static Napi::Function constructor(Napi::Env env);
  explicit ExitWatcher(const Napi::CallbackInfo& info);

 private:
  // begin(pid, start, held): the number of the wait, or a Failure object.
  Napi::Value begin(const Napi::CallbackInfo& info);
  // cancel(wait)
  void cancel(const Napi::CallbackInfo& info);
  // A Failure object, or an Int32Array: 1 if it is to be called again soon, else 0; then of each wait that is over its number and status.
  Napi::Value take(const Napi::CallbackInfo& info);

  std::unique_ptr<ExitWatch> watch_;
  // Behind it: the loop lets go of the descriptor before that is closed.
  LoopPoll poll_;
  Napi::FunctionReference ready_;
  Array<Exit> exits_;
};

// holdProcess(pid): a descriptor that holds the process, or a Failure object.
Napi::Value hold_process(const Napi::CallbackInfo& info);
// releaseProcess(held)
void release_process(const Napi::CallbackInfo& info);

}  // namespace psutil
