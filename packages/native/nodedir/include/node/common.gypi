# Stands in for Node's own headers: the addon uses Node-API alone, whose headers come from the npm
# package node-api-headers, so building needs neither an installed nor a downloaded copy of Node's.
{"variables": {}, "target_defaults": {"default_configuration": "Release", "configurations": {"Release": {}, "Debug": {}}}}
