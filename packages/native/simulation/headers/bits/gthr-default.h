// Backends start no threads, and the system's pthread types differ from glibc's.
#include <bits/gthr-single.h>
