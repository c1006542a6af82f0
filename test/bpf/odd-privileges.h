/* Kinds of processes by what they may do, and by what they share with others. */
#pragma once

#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "odd.h"

static void without_capabilities(long which) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {};
  must((int)syscall(SYS_capget, &header, data), "capget");
  if (which == 0) memset(data, 0, sizeof data);
  if (which > 0) {
    must(prctl(PR_CAPBSET_DROP, CAP_SYS_TIME), "PR_CAPBSET_DROP");
    data[0].effective = 1 << CAP_CHOWN;
    data[0].permitted = 1 << CAP_CHOWN | 1 << CAP_KILL;
    data[0].inheritable = 1 << CAP_KILL;
    data[1].effective = 0;
  }
  must((int)syscall(SYS_capset, &header, data), "capset");
  if (which > 0) must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0), "PR_CAP_AMBIENT");
}

static void confined(long mode) {
  int never[2];
  char byte;
  if (mode == SECCOMP_MODE_FILTER) {
    struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    struct sock_fprog program = {1, &allow};
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
    must(prctl(PR_SET_SECCOMP, mode, &program), "PR_SET_SECCOMP");
    return;
  }
  must(pipe(never), "pipe");
  must(prctl(PR_SET_SECCOMP, mode), "PR_SET_SECCOMP");
  print_ready();
  for (;;) { /* it may call nothing else */
    if (read(never[0], &byte, 1) < 0) continue;
  }
}

static void without_new_privileges(long unused) {
  (void)unused;
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
}

static void unshared(long flags) {
  if (unshare((int)flags) != 0 && errno != EINVAL) must(-1, "unshare"); /* a kernel may lack one */
}
