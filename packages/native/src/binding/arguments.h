// What JavaScript passes, checked before any of it reaches a Platform, which takes it for right. Each function throws a
// TypeError that names the argument and is false (or null) then.
#pragma once

#include <napi.h>

#include <string>

#include "platform/platform.h"

namespace psutil {

// The path of `new Reader(procRoot)`; empty where it has thrown.
std::string proc_root_of(const Napi::CallbackInfo& info);

bool read_request_of(const Napi::CallbackInfo& info, ReadRequest& request);

struct ListRequest {
  int64_t cursor;
  size_t most;
  const int32_t* hurry;
};
bool list_request_of(const Napi::CallbackInfo& info, ListRequest& request);

struct SetRequest {
  Target target;
  int32_t resource;
  Limit limit;
};
bool set_request_of(const Napi::CallbackInfo& info, SetRequest& request);

}  // namespace psutil
