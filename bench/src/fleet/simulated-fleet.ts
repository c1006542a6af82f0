import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { folder } from '../compile.js';

/** The hosts of one program. */
export interface SimulatedHosts {
  readonly address: string;
  readonly from: number;
  readonly to: number;
  readonly deadPercent: number;
}

/** The programs of a simulated fleet. */
export class SimulatedFleet implements AsyncDisposable {
  readonly #programs: ChildProcess[];

  private constructor(programs: ChildProcess[]) {
    this.#programs = programs;
  }

  get programs(): number {
    return this.#programs.length;
  }

  static async start(address: string, hosts: number, deadPercent: number, programs: number): Promise<SimulatedFleet> {
    const each = Math.ceil(hosts / programs);
    const started: ChildProcess[] = [];
    for (let from = 0; from < hosts; from += each) {
      const settings: SimulatedHosts = { address, from, to: Math.min(hosts, from + each), deadPercent };
      const args = [folder('dist/fleet/simulated-hosts.js'), JSON.stringify(settings)];
      const program = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      started.push(program);
      await Promise.race([once(program.stdout, 'data'), once(program, 'exit')]);
      if (program.exitCode !== null) throw new Error(`a program of hosts has ended: ${program.exitCode}`);
    }
    return new SimulatedFleet(started);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#programs.map(async (program) => {
        const ended = once(program, 'exit');
        program.stdin?.end();
        await ended;
      }),
    );
  }
}
