#pragma once

#include <stdint.h>
#include <sys/types.h>

typedef struct {
  unsigned int __sigbits[4];
} sigset_t;

struct sigaction {
  int sa_flags;
  union {
    void (*_handler)(int);
    void (*_sigaction)(int, void*, void*);
  } _funcptr;
  sigset_t sa_mask;
};
#define sa_handler _funcptr._handler

#define SIG_DFL reinterpret_cast<void (*)(int)>(0)
#define SIG_IGN reinterpret_cast<void (*)(int)>(1)

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGIOT 6
#define SIGABRT 6
#define SIGEMT 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGBUS 10
#define SIGSEGV 11
#define SIGSYS 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGUSR1 16
#define SIGUSR2 17
#define SIGCHLD 18
#define SIGPWR 19
#define SIGWINCH 20
#define SIGURG 21
#define SIGPOLL 22
#define SIGIO SIGPOLL
#define SIGSTOP 23
#define SIGTSTP 24
#define SIGCONT 25
#define SIGTTIN 26
#define SIGTTOU 27
#define SIGVTALRM 28
#define SIGPROF 29
#define SIGXCPU 30
#define SIGXFSZ 31
#define SIGWAITING 32
#define SIGLWP 33
#define SIGFREEZE 34
#define SIGTHAW 35
#define SIGCANCEL 36
#define SIGLOST 37
#define SIGXRES 38
#define SIGJVM1 39
#define SIGJVM2 40
#define SIGINFO 41
#define SIGRTMIN (static_cast<int>(_sysconf(40)))
#define SIGRTMAX (static_cast<int>(_sysconf(41)))
#define NSIG 74

extern "C" {
long _sysconf(int name);
int kill(pid_t pid, int signal);
}

static_assert(sizeof(struct sigaction) == 32 && __builtin_offsetof(struct sigaction, _funcptr) == 8 &&
              __builtin_offsetof(struct sigaction, sa_mask) == 16);
