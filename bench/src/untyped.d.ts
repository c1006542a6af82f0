// These come without types.
declare module 'pidusage' {
  export default function pidusage(
    pids: readonly (number | string)[],
  ): Promise<Record<string, { memory: number } | undefined>>;
}

declare module 'ps-tree' {
  export default function psTree(
    pid: number,
    callback: (error: Error | null, children: readonly { readonly PID: string }[]) => void,
  ): void;
}

declare module 'pstree.remy' {
  export default function psTree(pid: number, callback: (error: Error | null, pids: readonly number[]) => void): void;
}
