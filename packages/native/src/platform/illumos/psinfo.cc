#include "platform/illumos/psinfo.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "platform/shared/errno.h"
#include "platform/shared/microseconds.h"

namespace psutil {
namespace {

// The part of the struct that is needed. It has grown at its end.
constexpr size_t kWanted = offsetof(psinfo_t, pr_lwp.pr_sname) + sizeof(char);

bool state_of(const psinfo_t& info, State& state) {
  switch (info.pr_lwp.pr_sname) {
    case 'O':  // on a processor
    case 'R':
    case 'W':  // ready to run, but its share of the processors is used up
      state = State::kRunning;
      return true;
    case 'S':
      state = State::kSleeping;
      return true;
    case 'T':
      state = State::kStopped;
      return true;
    case 'I':  // being created
      state = State::kIdle;
      return true;
    case 'Z':
      state = State::kZombie;
      return true;
  }
  return false;
}

}  // namespace

Failure read_psinfo(const ProcessFiles& files, psinfo_t& info) {
  size_t size = kWanted;
  const Failure failure = files.read("psinfo", &info, size);
  return failure.ok() && size < kWanted ? unsupported("read") : failure;
}

Failure read_psinfo(int file, psinfo_t& info) {
  ssize_t got;
  do {
    got = pread(file, &info, kWanted, 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return errno == ENOENT ? gone("pread") : failure_of(errno, "pread");
  return static_cast<size_t>(got) < kWanted ? unsupported("pread") : Failure{};
}

double start_of(const psinfo_t& info) {
  return static_cast<double>(microseconds_of(info.pr_start.tv_sec, info.pr_start.tv_nsec / 1000));
}

bool is_zombie(const psinfo_t& info) { return info.pr_nlwp == 0 || info.pr_lwp.pr_sname == 'Z'; }

void put_psinfo(const psinfo_t& info, RowBuilder& row) {
  row.put_i32(Field::ppid, info.pr_ppid);
  row.put_i32(Field::pgid, info.pr_pgid);
  row.put_i32(Field::sid, info.pr_sid);
  row.put_i32(Field::threads, info.pr_nlwp);
  State state;
  if (state_of(info, state)) row.put_enum(Field::state, static_cast<uint8_t>(state));
  if (is_zombie(info)) return;
  row.put_variable(Field::name, info.pr_fname, strnlen(info.pr_fname, sizeof info.pr_fname));
  row.put_f64(Field::startTime, start_of(info));
}

}  // namespace psutil
