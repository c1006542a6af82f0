/* Gives the file system that is mounted on its first argument another option, NAME=VALUE, by fsconfig(2): mount(8) does so by
 * mount(2) here, which wakes a poll(2) of /proc/self/mountinfo. */
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As the kernel counts them, include/uapi/asm-generic/unistd.h and include/uapi/linux/mount.h: the headers may be older. */
enum { FSCONFIG = 431, FSPICK = 433, SET_STRING = 1, RECONFIGURE = 7 };

int main(int argc, char **argv) {
  char *value = argc == 3 ? strchr(argv[2], '=') : NULL;
  if (value == NULL) return 2;
  *value++ = '\0';
  long context = syscall(FSPICK, -100, argv[1], 0);
  if (context < 0 || syscall(FSCONFIG, context, SET_STRING, argv[2], value, 0) != 0 ||
      syscall(FSCONFIG, context, RECONFIGURE, NULL, NULL, 0) != 0) {
    perror("reconfigure");
    return 1;
  }
  return 0;
}
