// What a test's JavaScript does to the simulated kernel: `simulation` beside what the addon exports.
#include <napi.h>

#include <cstring>

#include "kernel/state.h"

// The addon's own, renamed by the build.
extern "C" napi_value register_addon(napi_env env, napi_value exports);
extern "C" __attribute__((weak)) int __llvm_profile_write_file(void);

namespace simulation {
namespace {

constexpr const char* kKinds[] = {"error", "cut", "patch", "add", "remove", "recycle", "zombie", "clock"};

double number(const Napi::Object& object, const char* name, double otherwise) {
  const Napi::Value value = object.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : otherwise;
}

int32_t integer(const Napi::Object& object, const char* name, int32_t otherwise = 0) {
  return static_cast<int32_t>(number(object, name, otherwise));
}

// The numbers of a typed array, as many as there is room for; answers with how many.
template <typename T>
uint32_t copy(const Napi::Object& object, const char* name, T* to, size_t available) {
  const Napi::Value value = object.Get(name);
  if (!value.IsTypedArray()) return 0;
  const auto array = value.As<Napi::TypedArrayOf<T>>();
  const size_t count = array.ElementLength() < available ? array.ElementLength() : available;
  if (count > 0) std::memcpy(to, array.Data(), count * sizeof(T));
  return static_cast<uint32_t>(count);
}

Process process_of(const Napi::Object& facts) {
  Process process;
  process.pid = integer(facts, "pid");
  process.ppid = integer(facts, "ppid");
  process.pgid = integer(facts, "pgid");
  process.sid = integer(facts, "sid");
  process.threads = integer(facts, "threads", 1);
  process.umask = integer(facts, "umask");
  process.thread_id = integer(facts, "threadId");
  process.state = static_cast<uint32_t>(integer(facts, "state"));
  process.status = integer(facts, "status");
  process.denied = static_cast<uint32_t>(number(facts, "denied", 0));
  process.unreaped = facts.Get("ending").ToBoolean() ? 1 : 0;
  process.start = static_cast<uint64_t>(number(facts, "start", 0));
  copy(facts, "uids", process.uids, 3);
  copy(facts, "gids", process.gids, 3);
  process.group_count = copy(facts, "groups", process.groups, Process::kMaxGroups);
  copy(facts, "signals", &process.signals[0][0], 10);
  process.limit_count = copy(facts, "limits", &process.limits[0][0], Process::kMaxLimits * 2) / 2;
  copy(facts, "name", reinterpret_cast<uint8_t*>(process.name), sizeof process.name - 1);
  return process;
}

void reset(const Napi::CallbackInfo&) {
  const std::lock_guard lock(state().mutex);
  state().reset();
}

void put(const Napi::CallbackInfo& info) {
  const Process process = process_of(info[0].As<Napi::Object>());
  const std::lock_guard lock(state().mutex);
  state().put(process);
}

void remove(const Napi::CallbackInfo& info) {
  const std::lock_guard lock(state().mutex);
  state().remove(info[0].As<Napi::Number>().Int32Value());
}

Napi::Value limits(const Napi::CallbackInfo& info) {
  const std::lock_guard lock(state().mutex);
  const int32_t pid = info[0].As<Napi::Number>().Int32Value();
  for (const Process& process : state().processes) {
    if (process.pid != pid) continue;
    Napi::BigUint64Array array = Napi::BigUint64Array::New(info.Env(), size_t{process.limit_count} * 2);
    std::memcpy(array.Data(), process.limits, size_t{process.limit_count} * sizeof process.limits[0]);
    return array;
  }
  return info.Env().Null();
}

Napi::Value received(const Napi::CallbackInfo& info) {
  const std::lock_guard lock(state().mutex);
  const int32_t pid = info[0].As<Napi::Number>().Int32Value();
  for (const Process& process : state().processes) {
    if (process.pid == pid) return Napi::Number::New(info.Env(), process.received);
  }
  return info.Env().Null();
}

void on(const Napi::CallbackInfo& info) {
  const auto object = info[0].As<Napi::Object>();
  Event event;
  event.call = object.Get("call").ToString().Utf8Value();
  event.pid = integer(object, "pid");
  event.skip = integer(object, "skip");
  event.times = integer(object, "times", 1);
  event.error = object.Get("error").ToString().Utf8Value();
  event.number = number(object, "number", 0);
  event.victim = integer(object, "victim", event.pid);
  const std::string kind = object.Get("kind").ToString().Utf8Value();
  for (size_t i = 0; i < sizeof kKinds / sizeof kKinds[0]; i++) {
    if (kind == kKinds[i]) event.kind = static_cast<Event::Kind>(i);
  }
  const std::lock_guard lock(state().mutex);
  state().events.push_back(event);
}

Napi::Value calls(const Napi::CallbackInfo& info) {
  const std::lock_guard lock(state().mutex);
  Napi::Object counts = Napi::Object::New(info.Env());
  for (const auto& [name, count] : state().calls) counts.Set(name, count);
  state().calls.clear();
  return counts;
}

// Threads that the test runner ends write no counts of their own.
void write_profile(const Napi::CallbackInfo&) {
  if (__llvm_profile_write_file != nullptr) __llvm_profile_write_file();
}

}  // namespace
}  // namespace simulation

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  using namespace simulation;
  Napi::Object addon(env, register_addon(env, exports));
  Napi::Object control = Napi::Object::New(env);
  control.Set("reset", Napi::Function::New<reset>(env));
  control.Set("put", Napi::Function::New<put>(env));
  control.Set("remove", Napi::Function::New<remove>(env));
  control.Set("limits", Napi::Function::New<limits>(env));
  control.Set("received", Napi::Function::New<received>(env));
  control.Set("on", Napi::Function::New<on>(env));
  control.Set("calls", Napi::Function::New<calls>(env));
  control.Set("writeProfile", Napi::Function::New<write_profile>(env));
  addon.Set("simulation", control);
  return addon;
}
