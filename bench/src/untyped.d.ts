// pidusage comes without types.
declare module 'pidusage' {
  export default function pidusage(
    pids: readonly (number | string)[],
  ): Promise<Record<string, { memory: number } | undefined>>;
}
