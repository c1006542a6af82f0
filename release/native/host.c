// A host for an addon where there is no Node for the C library that it is for: loads it, registers it, and
// prints which properties it gives its exports. The other functions of Node-API are beside it in a file that is
// made of their names; they answer that all is well, and give nothing.
#include <dlfcn.h>
#include <stdio.h>

int napi_set_named_property(void* env, void* object, const char* name, void* value);

static int exports;

int napi_set_named_property(void* env, void* object, const char* name, void* value) {
  (void)env, (void)value;
  if (object == &exports) printf("%s\n", name);
  return 0;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  // Every function that it imports is looked up now, as the binary itself asks for.
  void* addon = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (addon == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  void* (*register_module)(void*, void*) = (void* (*)(void*, void*))dlsym(addon, "napi_register_module_v1");
  int (*version)(void) = (int (*)(void))dlsym(addon, "node_api_module_get_api_version_v1");
  if (register_module == NULL || version == NULL) return 1;
  printf("Node-API %d\n", version());
  return register_module(&exports, &exports) == &exports ? 0 : 1;
}
