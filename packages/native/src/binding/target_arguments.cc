// The arguments of what is of one process: waits and actions.
#include "binding/arguments.h"
#include "binding/values.h"

namespace psutil {

bool target_of(const Napi::Value& pid, const Napi::Value& start, ProcessRef& target) {
  double number;
  if (!whole_of(pid, INT32_MIN, INT32_MAX, number)) {
    return refuse_type(pid.Env(), "The \"pid\" argument must be a whole number of 32 bits");
  }
  target.pid = static_cast<int32_t>(number);
  if (!start.IsNumber()) return refuse_type(pid.Env(), "The \"start\" argument must be a number");
  target.start = start.As<Napi::Number>().DoubleValue();
  return true;
}

bool wait_target_of(const Napi::CallbackInfo& info, ProcessRef& target, int& held) {
  if (!target_of(info[0], info[1], target)) return false;
  double number;
  if (!whole_of(info[2], -1, INT32_MAX, number)) {
    return refuse_type(info.Env(), "The \"held\" argument must be what holdProcess() has returned, or -1");
  }
  held = static_cast<int>(number);
  return true;
}

bool held_pid_of(const Napi::CallbackInfo& info, int32_t& pid) {
  ProcessRef target = {};
  if (!target_of(info[0], Napi::Number::New(info.Env(), 0), target)) return false;
  pid = target.pid;
  return true;
}

bool wait_number_of(const Napi::CallbackInfo& info, uint32_t& wait) {
  double number;
  if (!whole_of(info[0], 0, UINT32_MAX, number)) {
    return refuse_type(info.Env(), "The \"wait\" argument must be what begin() has returned");
  }
  wait = static_cast<uint32_t>(number);
  return true;
}

bool descriptor_of(const Napi::CallbackInfo& info, int& fd) {
  double number;
  if (!whole_of(info[0], 0, INT32_MAX, number)) {
    return refuse_type(info.Env(), "The \"fd\" argument must be a descriptor");
  }
  fd = static_cast<int>(number);
  return true;
}

bool action_of(const Napi::CallbackInfo& info, Action& action) {
  const Napi::Env env = info.Env();
  double kind;
  if (!whole_of(info[kActKind], 0, kActionCount - 1, kind)) {
    return refuse_type(env, "The \"kind\" argument must be one of ActionKind's values");
  }
  action.kind = static_cast<ActionKind>(static_cast<uint8_t>(kind));
  if (!target_of(info[kActPid], info[kActStart], action.target)) return false;
  Elements<uint64_t> arguments;
  if (!own_elements_of(info[kActArguments], napi_biguint64_array, arguments) ||
      arguments.count < kActions[static_cast<size_t>(kind)].min_arguments ||
      arguments.count > kActions[static_cast<size_t>(kind)].max_arguments) {
    return refuse_type(env, "The \"arguments\" argument must be a BigUint64Array with as many elements as the kind requires");
  }
  action.arguments = arguments.data;
  action.count = arguments.count;
  return true;
}

}  // namespace psutil
