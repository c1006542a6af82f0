#pragma once
#include <stdint.h>
#include <sys/types.h>

#define EVFILT_READ (-1)
#define EVFILT_PROC (-5)
#define EVFILT_TIMER (-7)

struct kevent {
  uintptr_t ident;
  short filter;
  u_short flags;
  u_int fflags;
  intptr_t data;
  void* udata;
};

#define EV_ADD 0x0001
#define EV_ONESHOT 0x0010
#define EV_CLEAR 0x0020
#define EV_EOF 0x8000

#define NOTE_EXIT 0x80000000

struct timespec;

extern "C" {
int kqueue(void);
int kevent(int queue, const struct kevent* changes, int change_count, struct kevent* events, int most, const struct timespec* timeout);
}
