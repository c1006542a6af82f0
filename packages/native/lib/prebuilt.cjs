'use strict';
// CommonJS, and every path in full: this is where bundlers and packagers find which files belong to a program,
// and they follow nothing but a literal `require`. One inside `try` may lead nowhere, as all but one do.

/**
 * The addon from the platform package of a host, such as `linux-x64-musl`.
 *
 * @param {string} host
 * @returns {unknown}
 * @throws where there is no package for that host, it is not installed, or its addon cannot be loaded.
 */
exports.loadPrebuilt = (host) => {
  try {
    switch (host) {
      case 'linux-x64':
        return require('@psutil-extra/native-linux-x64/psutil_extra.node');
      case 'linux-arm64':
        return require('@psutil-extra/native-linux-arm64/psutil_extra.node');
      case 'linux-x64-musl':
        return require('@psutil-extra/native-linux-x64-musl/psutil_extra.node');
      case 'linux-arm64-musl':
        return require('@psutil-extra/native-linux-arm64-musl/psutil_extra.node');
      case 'darwin-x64':
        return require('@psutil-extra/native-darwin-x64/psutil_extra.node');
      case 'darwin-arm64':
        return require('@psutil-extra/native-darwin-arm64/psutil_extra.node');
      case 'freebsd-x64':
        return require('@psutil-extra/native-freebsd-x64/psutil_extra.node');
      case 'freebsd-arm64':
        return require('@psutil-extra/native-freebsd-arm64/psutil_extra.node');
      case 'netbsd-x64':
        return require('@psutil-extra/native-netbsd-x64/psutil_extra.node');
      case 'openbsd-x64':
        return require('@psutil-extra/native-openbsd-x64/psutil_extra.node');
      case 'openbsd-arm64':
        return require('@psutil-extra/native-openbsd-arm64/psutil_extra.node');
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
      throw new Error('it is not installed', { cause: error });
    }
    throw error;
  }
  throw new Error('there is none for this platform');
};
