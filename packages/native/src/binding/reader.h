// The addon's one class: `new Reader(procRoot)`, a Platform and the table it fills. It belongs to the
// environment that made it and holds nothing that another environment could see.
#pragma once

#include <napi.h>

#include "core/table_builder.h"
#include "platform/platform.h"

namespace psutil {

class Reader : public Napi::ObjectWrap<Reader> {
 public:
  static Napi::Function constructor(Napi::Env env);
  explicit Reader(const Napi::CallbackInfo& info);

 private:
  // read(pids: Int32Array | null, starts: Float64Array | null, fields: number, masks: Uint32Array | null,
  //      flags: number, hurry: Int32Array | null, walk?: number, from?: number, most?: number):
  //      ArrayBuffer | number | Failure
  Napi::Value read(const Napi::CallbackInfo& info);
  // list(cursor: number, most: number, hurry: Int32Array | null): { pids: Int32Array, cursor: number } | Failure
  Napi::Value list(const Napi::CallbackInfo& info);
  // setRlimit(pid, start, resource, soft: bigint, hard: bigint): { soft: bigint, hard: bigint } | Failure
  Napi::Value set_rlimit(const Napi::CallbackInfo& info);

  std::unique_ptr<Platform> platform_;
  TableBuilder table_;
  Array<int32_t> pids_;
  Clock clock_;
};

Napi::Value failure_object(Napi::Env env, const Failure& failure);

}  // namespace psutil
