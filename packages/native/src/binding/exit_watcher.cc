#include "binding/exit_watcher.h"

#include "binding/arguments.h"
#include "binding/reader.h"
#include "platform/shared/errno.h"

namespace psutil {

Napi::Function ExitWatcher::constructor(Napi::Env env) {
  return DefineClass(env, "ExitWatcher",
                     {InstanceMethod<&ExitWatcher::begin>("begin"), InstanceMethod<&ExitWatcher::cancel>("cancel"),
                      InstanceMethod<&ExitWatcher::take>("take")});
}

Napi::Value hold_process(const Napi::CallbackInfo& info) {
  int32_t pid;
  if (!held_pid_of(info, pid)) return info.Env().Undefined();
  int held;
  const Failure failure = ExitWatch::hold(pid, held);
  return failure.ok() ? Napi::Number::New(info.Env(), held) : failure_object(info.Env(), failure).As<Napi::Value>();
}

void release_process(const Napi::CallbackInfo& info) {
  uint32_t held;
  if (wait_number_of(info, held)) ExitWatch::release(static_cast<int>(held));
}

ExitWatcher::ExitWatcher(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ExitWatcher>(info) {
  const std::string proc_root = proc_root_of(info);
  if (proc_root.empty()) return;
  if (!info[1].IsFunction()) {
    Napi::TypeError::New(info.Env(), "The \"ready\" argument must be a function").ThrowAsJavaScriptException();
    return;
  }
  ready_ = Napi::Persistent(info[1].As<Napi::Function>());
  watch_ = std::make_unique<ExitWatch>(proc_root.c_str());
}

Napi::Value ExitWatcher::begin(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  ProcessRef target = {};
  int held;
  if (!wait_target_of(info, target, held)) return env.Undefined();
  uint32_t wait;
  const Failure failure = watch_->begin(target, held, wait);
  if (!failure.ok()) return failure_object(env, failure);
  if (!poll_.is_open()) {
    const char* lacking = poll_.open(ready_.Value(), watch_->descriptor());
    if (lacking != nullptr) {
      watch_->cancel(wait);
      return failure_object(env, unsupported(lacking));
    }
  }
  return Napi::Number::New(env, wait);
}

void ExitWatcher::cancel(const Napi::CallbackInfo& info) {
  uint32_t wait;
  if (wait_number_of(info, wait)) watch_->cancel(wait);
}

Napi::Value ExitWatcher::take(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  exits_.recycle();
  bool again;
  const Failure failure = watch_->take(exits_, again);
  if (!failure.ok()) return failure_object(env, failure);
  const size_t size = 1 + exits_.size() * 2;
  Napi::Int32Array taken = Napi::Int32Array::New(env, size);
  if (taken.IsEmpty()) return env.Undefined();
  taken[0] = again ? 1 : 0;
  for (size_t i = 0; i < exits_.size(); i++) {
    taken[1 + i * 2] = static_cast<int32_t>(exits_[i].wait);
    taken[2 + i * 2] = exits_[i].status;
  }
  return taken;
}

}  // namespace psutil
