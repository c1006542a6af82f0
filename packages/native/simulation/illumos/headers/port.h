#pragma once

#include <name.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define PORT_SOURCE_FD 4

typedef struct port_event {
  int portev_events;
  unsigned short portev_source;
  unsigned short portev_pad;
  uintptr_t portev_object;
  void* portev_user;
} port_event_t;

extern "C" {
int port_create(void) SIMULATED(port_create);
int port_associate(int port, int source, uintptr_t object, int events, void* user) SIMULATED(port_associate);
int port_get(int port, port_event_t* event, struct timespec* timeout) SIMULATED(port_get);
}
