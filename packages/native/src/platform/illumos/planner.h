// Chooses the files of a process to read for the requested fields. Opening a file costs time, and all but psinfo are for the
// owner of the process: none of them is read for a field that psinfo has.
#pragma once

#include "core/schema.h"

namespace psutil {

enum class Source : uint8_t { kPsinfo, kStatus, kSigact, kCred, kGetgroups, kGetrlimit };
constexpr const char* kSourceNames[] = {"psinfo", "status", "sigact", "cred", "getgroups", "getrlimit", nullptr};

using SourceMask = uint8_t;

constexpr SourceMask bit(Source source) { return static_cast<SourceMask>(1u << static_cast<unsigned>(source)); }

constexpr FieldSet kPsinfoFields = bit(Field::name) | bit(Field::ppid) | bit(Field::state) | bit(Field::pgid) |
                                    bit(Field::sid) | bit(Field::threads) | bit(Field::startTime);
constexpr FieldSet kCredFields = bit(Field::uids) | bit(Field::gids) | bit(Field::groups);
constexpr FieldSet kSignalFields = bit(Field::sigmasks);

constexpr SourceMask kSignalFiles = bit(Source::kStatus) | bit(Source::kSigact);

// The files for these fields. psinfo is also read for a field that no file has, which shows whether the process exists, and
// for a process that must have a start time.
constexpr SourceMask plan(FieldSet fields, bool bound) {
  unsigned files = 0;
  if ((fields & kSignalFields) != 0) files |= kSignalFiles;
  if ((fields & kCredFields) != 0) files |= bit(Source::kCred);
  if (bound || (fields & ~(kSignalFields | kCredFields)) != 0) files |= bit(Source::kPsinfo);
  return static_cast<SourceMask>(files);
}

// The fields that these files provide.
constexpr FieldSet provides(SourceMask files) {
  FieldSet fields = 0;
  if ((files & bit(Source::kPsinfo)) != 0) fields |= kPsinfoFields;
  if ((files & bit(Source::kCred)) != 0) fields |= kCredFields;
  if ((files & kSignalFiles) == kSignalFiles) fields |= kSignalFields;
  return fields;
}

}  // namespace psutil
