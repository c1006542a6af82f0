// The names and the order of sys/sys/kinfo.h of DragonFly 6. The offsets on LP64 are checked below.
#pragma once
#include <signal.h>
#include <stddef.h>
#include <sys/param.h>
#include <sys/proc.h>
#include <sys/resource.h>

struct kinfo_lwp {
  pid_t kl_pid;
  lwpid_t kl_tid;
  int kl_flags;
  enum lwpstat kl_stat;
  int kl_lock, kl_tdflags, kl_mpcount, kl_prio, kl_tdprio;
  u_short kl_rtprio[2];
  uint64_t kl_uticks, kl_sticks, kl_iticks, kl_cpticks;
  u_int kl_pctcpu, kl_slptime;
  int kl_origcpu, kl_estcpu, kl_cpuid;
  struct rusage kl_ru;
  sigset_t kl_siglist;
  sigset_t kl_sigmask;
  uintptr_t kl_wchan;
  char kl_wmesg[8 + 1];
  char kl_comm[MAXCOMLEN + 1];
};

struct kinfo_proc {
  uintptr_t kp_paddr;
  int kp_flags;
  enum procstat kp_stat;
  int kp_lock, kp_acflag, kp_traceflag;
  uintptr_t kp_fd;
  sigset_t kp_siglist;
  sigset_t kp_sigignore;
  sigset_t kp_sigcatch;
  int kp_sigflag;
  struct timeval kp_start;
  char kp_comm[MAXCOMLEN + 1];
  uid_t kp_uid;
  short kp_ngroups;
  gid_t kp_groups[NGROUPS];
  uid_t kp_ruid;
  uid_t kp_svuid;
  gid_t kp_rgid;
  gid_t kp_svgid;
  pid_t kp_pid;
  pid_t kp_ppid;
  pid_t kp_pgid;
  int kp_jobc;
  pid_t kp_sid;
  char kp_login[roundup(MAXLOGNAME, sizeof(long))];
  dev_t kp_tdev;
  pid_t kp_tpgid;
  pid_t kp_tsid;
  u_short kp_exitstat;
  int kp_nthreads;
  int kp_nice;
  unsigned int kp_swtime;
  size_t kp_vm_map_size;
  segsz_t kp_vm_rssize, kp_vm_swrss, kp_vm_tsize, kp_vm_dsize, kp_vm_ssize;
  u_int kp_vm_prssize;
  int kp_jailid;
  struct rusage kp_ru;
  struct rusage kp_cru;
  int kp_auxflags;
  struct kinfo_lwp kp_lwp;
  uintptr_t kp_ktaddr;
  int kp_spare[2];
};

static_assert(sizeof(struct kinfo_proc) == 992, "as the kernel answers");
static_assert(offsetof(struct kinfo_proc, kp_siglist) == 40 && offsetof(struct kinfo_proc, kp_sigignore) == 56 &&
                  offsetof(struct kinfo_proc, kp_sigcatch) == 72,
              "signals");
static_assert(offsetof(struct kinfo_proc, kp_uid) == 132 && offsetof(struct kinfo_proc, kp_ngroups) == 136 &&
                  offsetof(struct kinfo_proc, kp_groups) == 140,
              "credentials");
static_assert(offsetof(struct kinfo_proc, kp_pid) == 220 && offsetof(struct kinfo_proc, kp_pgid) == 228 &&
                  offsetof(struct kinfo_proc, kp_sid) == 236,
              "numbers");
static_assert(offsetof(struct kinfo_proc, kp_lwp.kl_sigmask) == 920, "the thread's signals");
