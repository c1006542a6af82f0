/* Writes each line of its input over its arguments, and over the environment behind them where it is longer, as
 * setproctitle(3) does, and answers. */
#include <stdio.h>
#include <string.h>

extern char **environ;

int main(int argc, char **argv) {
  char *begin = argv[0];
  char *end = argv[argc - 1] + strlen(argv[argc - 1]) + 1;
  for (char **entry = environ; *entry != NULL; entry++) end = *entry + strlen(*entry) + 1;
  environ = NULL;
  char line[4096];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    size_t length = strlen(line);
    if (length >= (size_t)(end - begin)) return 1;
    memset(begin, 0, (size_t)(end - begin));
    memcpy(begin, line, length);
    puts("written");
    fflush(stdout);
  }
  return 0;
}
