// The addon's one class: `new Reader(procRoot, stallTimeout)`, a Backend and the table that it fills. It belongs to the environment that
// created it, and shares nothing with other environments.
#pragma once

#include <napi.h>

#include "binding/operation.h"
#include "core/table_builder.h"
#include "platform/backend.h"

namespace psutil {

class Reader : public Napi::ObjectWrap<Reader> {
 public:
  static Napi::Function constructor(Napi::Env env);
  explicit Reader(const Napi::CallbackInfo& info);

 private:
  // run(op, ...): performs an Operation. Returns its answer, or a Failure object.
  Napi::Value run(const Napi::CallbackInfo& info);
  // string
  Napi::Value boot_id(const Napi::CallbackInfo& info);
  // Whether it is to be called again, see Backend.
  Napi::Value rest(const Napi::CallbackInfo& info);
  // ArrayBuffer | number
  Napi::Value read(const Napi::CallbackInfo& info, Operation operation);
  // { pids: Int32Array, cursor: number }
  Napi::Value list(const Napi::CallbackInfo& info);
  // The same; the cursor is -1 if those are all
  Napi::Value descendants(const Napi::CallbackInfo& info);
  Napi::Value listed(Napi::Env env, int64_t cursor);
  // BigUint64Array, the values before
  Napi::Value act(const Napi::CallbackInfo& info);

  std::unique_ptr<Backend> platform_;
  TableBuilder table_;
  Array<int32_t> pids_;
  ActionResult before_;
  Clock clock_;
};

Napi::Value failure_object(Napi::Env env, const Failure& failure);

}  // namespace psutil
