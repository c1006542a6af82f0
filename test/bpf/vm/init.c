/* Process 1 of the virtual machine: mounts what Linux has to show, runs the guest's program and ends the machine. */
#include <stdio.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  mkdir("/proc", 0755);
  mkdir("/sys", 0755);
  mkdir("/dev", 0755);
  mkdir("/tmp", 01777);
  mount("proc", "/proc", "proc", 0, NULL);
  mount("sys", "/sys", "sysfs", 0, NULL);
  mount("dev", "/dev", "devtmpfs", 0, NULL);
  mount("security", "/sys/kernel/security", "securityfs", 0, NULL);
  const pid_t child = fork();
  if (child == 0) {
    execl("/usr/bin/node", "node", "/app/guest.mjs", (char *)NULL);
    perror("node");
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  printf("guest ended with %d\n", status);
  fflush(stdout);
  sync();
  reboot(RB_POWER_OFF);
  return 0;
}
