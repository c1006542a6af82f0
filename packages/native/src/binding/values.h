// Values that JavaScript passes, as C++ has them. What refuses one throws a TypeError and returns false.
#pragma once

#include <napi.h>

#include "platform/process_ref.h"

namespace psutil {

inline bool refuse(Napi::Env env, const char* code, const char* message) {
  // A thread that is being terminated has a pending exception. A second one would end the program.
  if (env.IsExceptionPending()) return false;
  Napi::Error error = Napi::TypeError::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  error.ThrowAsJavaScriptException();
  return false;
}

inline bool refuse_type(Napi::Env env, const char* message) { return refuse(env, "ERR_INVALID_ARG_TYPE", message); }
inline bool refuse_value(Napi::Env env, const char* message) { return refuse(env, "ERR_INVALID_ARG_VALUE", message); }

inline bool is_absent(const Napi::Value& value) { return value.IsNull() || value.IsUndefined(); }

// A whole number within these bounds, of at most 53 bits.
inline bool is_whole(double number, double min, double max) {
  // NaN is within no bounds.
  return number >= min && number <= max && number == static_cast<double>(static_cast<int64_t>(number));
}

inline bool whole_of(const Napi::Value& value, double min, double max, double& number) {
  // One call instead of IsNumber() and DoubleValue(). It fails for anything but a number.
  return napi_get_value_double(value.Env(), value, &number) == napi_ok && is_whole(number, min, max);
}

template <typename T>
struct Elements {
  const T* data = nullptr;
  size_t count = 0;
};

// The elements of a typed array of that type.
template <typename T>
bool elements_of(const Napi::Value& value, napi_typedarray_type type, Elements<T>& elements, napi_value& buffer) {
  napi_typedarray_type actual;
  void* data;
  bool typed;
  if (napi_is_typedarray(value.Env(), value, &typed) != napi_ok || !typed) return false;
  if (napi_get_typedarray_info(value.Env(), value, &actual, &elements.count, &data, &buffer, nullptr) != napi_ok) {
    return false;
  }
  elements.data = static_cast<const T*>(data);
  return actual == type;
}

// The same for memory that must not change during the read: another thread may change shared memory after the checks, and
// memory that was transferred to another thread is gone.
template <typename T>
bool own_elements_of(const Napi::Value& value, napi_typedarray_type type, Elements<T>& elements) {
  napi_value buffer;
  bool unshared = false;
  if (!elements_of(value, type, elements, buffer)) return false;
  if (napi_is_arraybuffer(value.Env(), buffer, &unshared) != napi_ok || !unshared) return false;
  bool detached = false;
  if (elements.count == 0) napi_is_detached_arraybuffer(value.Env(), buffer, &detached);
  return !detached;
}

// A PID, and the start that its process must have.
bool target_of(const Napi::Value& pid, const Napi::Value& start, ProcessRef& target);

}  // namespace psutil
