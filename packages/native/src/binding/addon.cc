// The exports of the addon: the Reader class, what this build supports, and the table of fields, which the TypeScript side
// compares with its own. Only this folder uses Node-API.
#include <napi.h>

#include "binding/arguments.h"
#include "binding/event_reader.h"
#include "binding/exit_watcher.h"
#include "binding/reader.h"
#include "core/schema.h"
#include "platform/backend.h"
#include "platform/shared/constants.h"
#include "platform/shared/pipe.h"

namespace psutil {
namespace {

// Incremented whenever the exports or the layout of a frame change. lib/addon.ts has the same number and refuses an addon
// with another.
constexpr double kInterface = 10;

constexpr const char* kReachNames[] = {"none", "own", "any"};

Napi::Array field_table(Napi::Env env) {
  Napi::Array table = Napi::Array::New(env, kFieldCount);
  for (uint32_t i = 0; i < kFieldCount; i++) {
    Napi::Object row = Napi::Object::New(env);
    row.Set("name", kFields[i].name);
    row.Set("type", kFields[i].type);
    table.Set(i, row);
  }
  return table;
}

Napi::Array names(Napi::Env env, const Array<Named>& named) {
  Napi::Array table = Napi::Array::New(env, named.size());
  for (uint32_t i = 0; i < named.size(); i++) {
    Napi::Object row = Napi::Object::New(env);
    row.Set("name", named[i].name);
    row.Set("number", named[i].number);
    table.Set(i, row);
  }
  return table;
}

Napi::Object capability_object(Napi::Env env) {
  const Capabilities able = capabilities();
  Napi::Object object = Napi::Object::New(env);
  object.Set("backend", able.name);
  object.Set("reading", able.reading);
  object.Set("fields", static_cast<double>(able.fields));
  object.Set("bulk", static_cast<double>(able.bulk));
  object.Set("signalSets", static_cast<double>(able.signal_sets));
  object.Set("list", able.list);
  object.Set("getRlimit", kReachNames[static_cast<size_t>(able.get_rlimit)]);
  object.Set("setRlimit", kReachNames[static_cast<size_t>(able.set_rlimit)]);
  Array<Named> named;
  object.Set("resources", names(env, resource_names(named)));
  object.Set("signals", names(env, signal_names(named)));
  Napi::Array sources = Napi::Array::New(env);
  for (uint32_t i = 0; able.sources[i] != nullptr; i++) sources.Set(i, able.sources[i]);
  object.Set("sources", sources);
  object.Set("walk", able.walk == nullptr ? env.Null() : Napi::String::New(env, able.walk).As<Napi::Value>());
  object.Set("readsList", able.reads_list);
  object.Set("actions", able.actions);
  object.Set("waits", able.waits);
  Napi::Array event_sources = Napi::Array::New(env);
  for (uint32_t i = 0; able.event_sources != nullptr && able.event_sources[i] != nullptr; i++) {
    event_sources.Set(i, able.event_sources[i]);
  }
  object.Set("eventSources", event_sources);
  return object;
}

// refusalOfWalk(ofPrivileges?: boolean): Failure | null
Napi::Value refusal_of_walk(const Napi::CallbackInfo& info) {
  const Capabilities able = capabilities();
  const bool of_privileges = info.Length() > 0 && info[0].IsBoolean() && info[0].As<Napi::Boolean>().Value();
  const Failure failure = able.refusal_of_walk == nullptr ? Failure{} : able.refusal_of_walk(of_privileges);
  return failure.ok() ? info.Env().Null() : failure_object(info.Env(), failure);
}

// hasReader(fd: number): boolean
Napi::Value has_reader_of(const Napi::CallbackInfo& info) {
  int fd;
  if (!descriptor_of(info, fd)) return info.Env().Undefined();
  return Napi::Boolean::New(info.Env(), has_reader(fd));
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("interface", kInterface);
  exports.Set("Reader", Reader::constructor(env));
  exports.Set("ExitWatcher", ExitWatcher::constructor(env));
  exports.Set("holdProcess", Napi::Function::New<hold_process>(env, "holdProcess"));
  exports.Set("releaseProcess", Napi::Function::New<release_process>(env, "releaseProcess"));
  exports.Set("EventReader", EventReader::constructor(env));
  exports.Set("fields", field_table(env));
  exports.Set("capabilities", capability_object(env));
  exports.Set("hasReader", Napi::Function::New<has_reader_of>(env, "hasReader"));
  exports.Set("refusalOfWalk", Napi::Function::New<refusal_of_walk>(env, "refusalOfWalk"));
  return exports;
}

}  // namespace
}  // namespace psutil

Napi::Object initialize_addon(Napi::Env env, Napi::Object exports) { return psutil::initialize(env, exports); }

NODE_API_MODULE(psutil_extra, initialize_addon)
