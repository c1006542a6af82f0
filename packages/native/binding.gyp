{
  # The lists stand in sources.gypi, which is JSON too, so that every other build reads the same ones.
  "includes": ["sources.gypi"],
  "variables": {
    # As uname(1) names it: node-gyp takes DragonFly for FreeBSD.
    "psutil_system": "<!(node -p \"({Linux:'linux',FreeBSD:'freebsd',NetBSD:'netbsd',OpenBSD:'openbsd',Darwin:'darwin',DragonFly:'dragonfly',SunOS:'illumos'})[require('node:os').type()]||'unsupported'\")"
  },
  "targets": [
    {
      "target_name": "psutil_extra",
      "sources": ["<@(psutil_common_sources)", "<@(psutil_<(psutil_system)_sources)"],
      "include_dirs": [
        "src",
        "<!(node -p \"require('node-api-headers').include_dir\")"
      ],
      "defines": ["<@(psutil_defines)"],
      "cflags_cc": [
        "<@(psutil_cflags)",
        # Third-party headers: their warnings are not ours.
        "-isystem", "<!(node -p \"require('node:path').resolve(require('node-addon-api').include_dir)\")"
      ],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_ENABLE_CPP_EXCEPTIONS": "NO",
        "GCC_ENABLE_CPP_RTTI": "NO",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "OTHER_CPLUSPLUSFLAGS": ["-isystem", "<!(node -p \"require('node:path').resolve(require('node-addon-api').include_dir)\")"]
      }
    }
  ]
}
