/* Confines its system calls, "strict" or by a "filter" that allows all of them, says so, and waits for its input to end. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int refused = 1;
  if (argc == 2 && strcmp(argv[1], "strict") == 0) refused = prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0);
  if (argc == 2 && strcmp(argv[1], "filter") == 0) {
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {.len = 1, .filter = &allow};
    refused = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
  }
  if (refused) return 1;
  char byte;
  if (write(1, "confined\n", 9) != 9) return 1;
  while (read(0, &byte, 1) > 0) continue;
  /* Not exit_group(2), which strict mode forbids. */
  syscall(SYS_exit, 0);
}
