// Checks what JavaScript passes, before a Backend receives it: a Backend trusts its arguments. Each function throws a
// TypeError that names the argument, and then returns false (or an empty string).
#pragma once

#include <napi.h>

#include <string>

#include "binding/operation.h"
#include "platform/backend.h"

namespace psutil {

// The path of `new Reader(procRoot)`.
std::string proc_root_of(const Napi::CallbackInfo& info);
// Optional: if it is absent, `milliseconds` keeps its value.
bool stall_timeout_of(const Napi::CallbackInfo& info, double& milliseconds);

bool operation_of(const Napi::CallbackInfo& info, Operation& operation);

// The arguments of kPids, kTable and kCursor.
bool read_request_of(const Napi::CallbackInfo& info, Operation operation, ReadRequest& request);

bool ended_sampler_of(const Napi::CallbackInfo& info, uint32_t& sampler);

struct ListRequest {
  int64_t cursor;
  size_t max;
  const int32_t* urgent_pending;
};
bool list_request_of(const Napi::CallbackInfo& info, ListRequest& request);

struct DescendantsRequest {
  const int32_t* pids;
  size_t count;
  size_t max;
};
bool descendants_request_of(const Napi::CallbackInfo& info, DescendantsRequest& request);

// pid, start, held
bool wait_target_of(const Napi::CallbackInfo& info, ProcessRef& target, int& held);
bool held_pid_of(const Napi::CallbackInfo& info, int32_t& pid);
bool wait_number_of(const Napi::CallbackInfo& info, uint32_t& wait);
bool descriptor_of(const Napi::CallbackInfo& info, int& fd);
bool action_of(const Napi::CallbackInfo& info, Action& action);

}  // namespace psutil
