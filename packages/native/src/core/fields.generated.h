// Generated from schema/fields.mjs by schema/generate.mjs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace psutil {

enum class Field : uint8_t {
  name,
  ppid,
  state,
  uids,
  gids,
  groups,
  umask,
  sigmasks,
  pgid,
  sid,
  threads,
  startTime,
  rlimits,
  cmdline,
  exe,
  exeDeleted,
  cwd,
  environ,
  username,
  terminal,
  cpuTimes,
  memory,
  memoryDetail,
  memoryFootprint,
  pageFaults,
  contextSwitches,
  io,
  fdCount,
  fds,
  connections,
  threadList,
  memoryMaps,
  nice,
  ioPriority,
  affinity,
  scheduler,
  processor,
  oomScore,
  oomScoreAdj,
  capabilities,
  seccomp,
  noNewPrivs,
  namespaces,
  cgroup,
  containerId,
  loginuid,
  securityLabel,
  wchan,
};

constexpr size_t kFieldCount = 48;

// Of a field's columns the first stands at `first` of kColumnWidths; a variable value has one, of dictionary codes.
struct FieldRow {
  const char* name;
  const char* type;
  Storage storage;
  Integer integer;
  bool eager;  // a read of its source returns it without a request: it is cheap
  uint8_t first;
  uint8_t columns;
};

constexpr FieldRow kFields[kFieldCount] = {
    {"name", "text", Storage::kVariable, Integer::kNone, true, 0, 1},
    {"ppid", "i32", Storage::kFixed, Integer::kI32, true, 1, 1},
    {"state", "enum(running|sleeping|disk-sleep|stopped|tracing-stop|zombie|dead|idle|parked)", Storage::kFixed, Integer::kNone, true, 2, 1},
    {"uids", "struct{real:u32,effective:u32,saved:u32}", Storage::kStruct, Integer::kNone, true, 3, 3},
    {"gids", "struct{real:u32,effective:u32,saved:u32}", Storage::kStruct, Integer::kNone, true, 6, 3},
    {"groups", "list<u32>", Storage::kVariable, Integer::kNone, true, 9, 1},
    {"umask", "i32", Storage::kFixed, Integer::kI32, true, 10, 1},
    {"sigmasks", "list<u64>", Storage::kVariable, Integer::kNone, true, 11, 1},
    {"pgid", "i32", Storage::kFixed, Integer::kI32, true, 12, 1},
    {"sid", "i32", Storage::kFixed, Integer::kI32, true, 13, 1},
    {"threads", "i32", Storage::kFixed, Integer::kI32, true, 14, 1},
    {"startTime", "f64", Storage::kFixed, Integer::kNone, true, 15, 1},
    {"rlimits", "list<u64>", Storage::kVariable, Integer::kNone, true, 16, 1},
    {"cmdline", "list<text>", Storage::kVariable, Integer::kNone, false, 17, 1},
    {"exe", "text", Storage::kVariable, Integer::kNone, false, 18, 1},
    {"exeDeleted", "bool", Storage::kFixed, Integer::kNone, false, 19, 1},
    {"cwd", "text", Storage::kVariable, Integer::kNone, false, 20, 1},
    {"environ", "list<text>", Storage::kVariable, Integer::kNone, false, 21, 1},
    {"username", "text", Storage::kVariable, Integer::kNone, false, 22, 1},
    {"terminal", "text", Storage::kVariable, Integer::kNone, true, 23, 1},
    {"cpuTimes", "struct{user:f64,system:f64,childrenUser:f64,childrenSystem:f64,ioWait?:f64}", Storage::kStruct, Integer::kNone, true, 24, 5},
    {"memory", "struct{rss:f64,vms:f64,shared?:f64,text?:f64,data?:f64}", Storage::kStruct, Integer::kNone, true, 29, 5},
    {"memoryDetail", "struct{peakRss?:f64,peakVms?:f64,anonymous?:f64,file?:f64,shmem?:f64,swap?:f64,hugetlb?:f64,locked?:f64,pinned?:f64,stack?:f64,library?:f64,pageTables?:f64}", Storage::kStruct, Integer::kNone, true, 34, 12},
    {"memoryFootprint", "struct{uss:f64,pss:f64,swap:f64}", Storage::kStruct, Integer::kNone, false, 46, 3},
    {"pageFaults", "struct{minor:f64,major:f64,childrenMinor:f64,childrenMajor:f64}", Storage::kStruct, Integer::kNone, true, 49, 4},
    {"contextSwitches", "struct{voluntary:f64,involuntary:f64}", Storage::kStruct, Integer::kNone, true, 53, 2},
    {"io", "struct{readBytes:f64,writeBytes:f64,readChars:f64,writeChars:f64,reads:f64,writes:f64,cancelledWriteBytes:f64}", Storage::kStruct, Integer::kNone, false, 55, 7},
    {"fdCount", "i32", Storage::kFixed, Integer::kI32, false, 62, 1},
    {"fds", "list<struct{fd:i32,kind:enum(file|directory|socket|pipe|char|block|symlink|anon),path:text,deleted:bool,position?:f64,flags?:u32,inode?:f64}>", Storage::kVariable, Integer::kNone, false, 63, 1},
    {"connections", "list<struct{fd:i32,family:enum(inet|inet6|unix),type:enum(stream|dgram|seqpacket|raw),local?:text,localPort?:u32,remote?:text,remotePort?:u32,state?:enum(established|syn-sent|syn-recv|fin-wait1|fin-wait2|time-wait|close|close-wait|last-ack|listen|closing)}>", Storage::kVariable, Integer::kNone, false, 64, 1},
    {"threadList", "list<struct{tid:i32,name:text,state:enum(running|sleeping|disk-sleep|stopped|tracing-stop|zombie|dead|idle|parked),cpuTimes:struct{user:f64,system:f64}}>", Storage::kVariable, Integer::kNone, false, 65, 1},
    {"memoryMaps", "list<struct{start:u64,end:u64,permissions:text,offset:u64,device:text,inode:f64,path?:text,deleted:bool,size:f64,rss:f64,pss:f64,sharedClean:f64,sharedDirty:f64,privateClean:f64,privateDirty:f64,referenced:f64,anonymous:f64,swap:f64}>", Storage::kVariable, Integer::kNone, false, 66, 1},
    {"nice", "i32", Storage::kFixed, Integer::kI32, true, 67, 1},
    {"ioPriority", "struct{class:enum(none|realtime|best-effort|idle),level:u32}", Storage::kStruct, Integer::kNone, true, 68, 2},
    {"affinity", "list<u32>", Storage::kVariable, Integer::kNone, true, 70, 1},
    {"scheduler", "struct{policy:enum(other|fifo|rr|batch|idle|deadline|ext),priority:u32}", Storage::kStruct, Integer::kNone, true, 71, 2},
    {"processor", "i32", Storage::kFixed, Integer::kI32, true, 73, 1},
    {"oomScore", "i32", Storage::kFixed, Integer::kI32, true, 74, 1},
    {"oomScoreAdj", "i32", Storage::kFixed, Integer::kI32, true, 75, 1},
    {"capabilities", "struct{effective:u64,permitted:u64,inheritable:u64,bounding:u64,ambient:u64}", Storage::kStruct, Integer::kNone, true, 76, 5},
    {"seccomp", "enum(disabled|strict|filter)", Storage::kFixed, Integer::kNone, true, 81, 1},
    {"noNewPrivs", "bool", Storage::kFixed, Integer::kNone, true, 82, 1},
    {"namespaces", "struct{cgroup?:f64,ipc?:f64,mnt?:f64,net?:f64,pid?:f64,time?:f64,user?:f64,uts?:f64}", Storage::kStruct, Integer::kNone, false, 83, 8},
    {"cgroup", "text", Storage::kVariable, Integer::kNone, false, 91, 1},
    {"containerId", "text", Storage::kVariable, Integer::kNone, false, 92, 1},
    {"loginuid", "f64", Storage::kFixed, Integer::kNone, false, 93, 1},
    {"securityLabel", "text", Storage::kVariable, Integer::kNone, false, 94, 1},
    {"wchan", "text", Storage::kVariable, Integer::kNone, false, 95, 1},
};

constexpr uint8_t kColumnWidths[] = {4, 4, 1, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 8, 4, 4, 4, 1, 4, 4, 4, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 4, 4, 4, 4, 4, 4, 1, 4, 4, 1, 4, 4, 4, 4, 8, 8, 8, 8, 8, 1, 1, 8, 8, 8, 8, 8, 8, 8, 8, 4, 4, 8, 4, 4};
constexpr size_t kColumnCount = sizeof(kColumnWidths);

enum class State : uint8_t {
  kRunning,
  kSleeping,
  kDiskSleep,
  kStopped,
  kTracingStop,
  kZombie,
  kDead,
  kIdle,
  kParked,
};

enum class FdKind : uint8_t {
  kFile,
  kDirectory,
  kSocket,
  kPipe,
  kChar,
  kBlock,
  kSymlink,
  kAnon,
};

enum class ConnectionFamily : uint8_t {
  kInet,
  kInet6,
  kUnix,
};

enum class ConnectionType : uint8_t {
  kStream,
  kDgram,
  kSeqpacket,
  kRaw,
};

enum class ConnectionState : uint8_t {
  kEstablished,
  kSynSent,
  kSynRecv,
  kFinWait1,
  kFinWait2,
  kTimeWait,
  kClose,
  kCloseWait,
  kLastAck,
  kListen,
  kClosing,
};

enum class IoClass : uint8_t {
  kNone,
  kRealtime,
  kBestEffort,
  kIdle,
};

enum class SchedulerPolicy : uint8_t {
  kOther,
  kFifo,
  kRr,
  kBatch,
  kIdle,
  kDeadline,
  kExt,
};

enum class Seccomp : uint8_t {
  kDisabled,
  kStrict,
  kFilter,
};

}  // namespace psutil
