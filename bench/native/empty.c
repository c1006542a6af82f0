/* An addon without exports: what loading one takes at least. Node-API: https://nodejs.org/api/n-api.html. */
void *napi_register_module_v1(void *env, void *exports);
int node_api_module_get_api_version_v1(void);

void *napi_register_module_v1(void *env, void *exports) {
  (void)env;
  return exports;
}

int node_api_module_get_api_version_v1(void) { return 8; }
