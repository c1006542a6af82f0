// The present structs of /proc, which <procfs.h> includes from <sys/procfs.h>. Gaps replace the members that are not used.
#pragma once

#include <signal.h>
#include <sys/types.h>
#include <time.h>

typedef struct lwpsinfo {
  char gap_to_sname[26];
  char pr_sname;
  char gap_to_end[101];
} lwpsinfo_t;

typedef struct psinfo {
  int pr_flag;
  int pr_nlwp;
  pid_t pr_pid;
  pid_t pr_ppid;
  pid_t pr_pgid;
  pid_t pr_sid;
  uid_t pr_uid;
  uid_t pr_euid;
  gid_t pr_gid;
  gid_t pr_egid;
  char gap_to_start[48];
  timestruc_t pr_start;
  char gap_to_fname[32];
  char pr_fname[16];
  char gap_to_wstat[80];
  int pr_wstat;
  char gap_to_nzomb[32];
  int pr_nzomb;
  char gap_to_lwp[16];
  lwpsinfo_t pr_lwp;
} psinfo_t;

typedef struct lwpstatus {
  char gap_to_lwppend[272];
  sigset_t pr_lwppend;
  sigset_t pr_lwphold;
  char gap_to_end[992];  // registers, on x64
} lwpstatus_t;

typedef struct pstatus {
  int pr_flags;
  int pr_nlwp;
  char gap_to_sigpend[24];
  sigset_t pr_sigpend;
  char gap_to_lwp[336];
  lwpstatus_t pr_lwp;
} pstatus_t;

typedef struct prcred {
  uid_t pr_euid;
  uid_t pr_ruid;
  uid_t pr_suid;
  gid_t pr_egid;
  gid_t pr_rgid;
  gid_t pr_sgid;
  int pr_ngroups;
  gid_t pr_groups[1];
} prcred_t;

#define SIMULATED_AT(type, member, offset) static_assert(__builtin_offsetof(type, member) == (offset), #member)
SIMULATED_AT(psinfo_t, pr_pid, 8);
SIMULATED_AT(psinfo_t, pr_ppid, 12);
SIMULATED_AT(psinfo_t, pr_pgid, 16);
SIMULATED_AT(psinfo_t, pr_sid, 20);
SIMULATED_AT(psinfo_t, pr_egid, 36);
SIMULATED_AT(psinfo_t, pr_start, 88);
SIMULATED_AT(psinfo_t, pr_fname, 136);
SIMULATED_AT(psinfo_t, pr_wstat, 232);
SIMULATED_AT(psinfo_t, pr_nzomb, 268);
SIMULATED_AT(psinfo_t, pr_lwp, 288);
SIMULATED_AT(lwpsinfo_t, pr_sname, 26);
SIMULATED_AT(pstatus_t, pr_sigpend, 32);
SIMULATED_AT(pstatus_t, pr_lwp.pr_lwppend, 656);
SIMULATED_AT(pstatus_t, pr_lwp.pr_lwphold, 672);
SIMULATED_AT(prcred_t, pr_ngroups, 24);
SIMULATED_AT(prcred_t, pr_groups, 28);
static_assert(sizeof(psinfo_t) == 416 && sizeof(pstatus_t) == 1680 && sizeof(prcred_t) == 32);
#undef SIMULATED_AT
