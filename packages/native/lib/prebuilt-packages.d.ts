// The platform packages are made when the others are packed, and are not in this workspace.
declare module '*/psutil_extra.node';
