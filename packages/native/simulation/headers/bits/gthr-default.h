// Backends make no threads, and another system's pthread types would not be glibc's.
#include <bits/gthr-single.h>
