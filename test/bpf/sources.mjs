// Reads every process by BPF and through procfs and says where they differ. A program of its own, so that it also
// runs where there is no more than Node: in a namespace, or on another kernel (see vm/). Its first argument is the
// compiled odd-herd.c; it prints a line of JSON.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { loadAddon, run } from '@psutil-extra/native';
import { FIELDS, FieldSet, Frame, ReadFlag } from '@psutil-extra/native/protocol';

/** What the smaller BPF program brings, and what the larger one adds. */
const BASIC = 'name ppid state uids gids groups umask sigmasks pgid sid threads startTime rlimits username';
const USAGE =
  'cpuTimes memory pageFaults contextSwitches io nice scheduler processor terminal oomScoreAdj capabilities seccomp noNewPrivs namespaces';
const BROUGHT = `${BASIC} ${USAGE}`.split(' ');
const ALL = bitsOf(BROUGHT);
/** Of these a process that runs has more each time, so that what BPF brings is between what two reads of files bring. */
const GROWING = new Set(['cpuTimes', 'pageFaults', 'contextSwitches', 'io']);
const TRIES = 20;

function bitsOf(names) {
  return names.reduce((bits, wanted) => bits + 2 ** FIELDS.findIndex(({ name }) => name === wanted), 0);
}

const { Reader, refusalOfWalk } = loadAddon();
const reader = new Reader('/proc');
const refusal = refusalOfWalk();
let walks = 0;
console.log(JSON.stringify(refusal === null ? await compare(process.argv[2]) : { refusal }));

/** A process that changes all the time, such as a busy kernel thread, is read again: a real difference stays. */
async function compare(herdProgram) {
  const herd = await startHerd(herdProgram);
  try {
    await asleep(herd.pids);
    const unread = unreadTimes(herd.pids);
    let found = differences(herd.pids);
    let lasting = found.differing;
    for (let attempt = 1; attempt < TRIES && lasting.length > 0; attempt++) {
      await pause(50);
      found = differences(herd.pids);
      const again = new Set(found.differing.map(place));
      lasting = lasting.filter((difference) => again.has(place(difference)));
    }
    return { ...found, differing: [...unread, ...lasting].slice(0, 20), herd: herd.pids.length, fields: BROUGHT };
  } finally {
    herd.end();
  }
}

/**
 * How the time of processes of which no file has been read is divided: what a file has shown the kernel shows again, and then
 * the program only has to repeat it.
 */
function unreadTimes(herd) {
  const times = bitsOf(['cpuTimes']);
  const walked = rowsOf(walk(times, 1e6));
  const files = rowsOf([new Frame(run(reader, { op: 'pids', pids: Int32Array.from(herd), fields: times, flags: 0 }))]);
  const differing = herd.filter((pid) => walked.get(pid)?.cpuTimes !== files.get(pid).cpuTimes);
  return differing.map((pid) => ({ pid, why: 'unread', expected: files.get(pid), actual: walked.get(pid) }));
}

/** All differences, including momentary ones. */
function place({ pid, field, why }) {
  return `${pid} ${field} ${why}`;
}

function differences(herd) {
  const before = throughFiles();
  const walked = rowsOf(walk(ALL, 1e6));
  const inParts = rowsOf(walk(ALL, 7));
  const basic = rowsOf(walk(bitsOf(BASIC.split(' ')), 1e6));
  const after = throughFiles();
  const differing = [];
  for (const pid of herd) {
    if (!before.has(pid) || !after.has(pid)) differing.push({ pid, why: 'not there' });
    else if (!isDeepStrictEqual(before.get(pid), after.get(pid))) differing.push({ pid, why: 'the herd is not still' });
  }
  // Another process may have its number by now.
  const still = [...before.keys()].filter((pid) => after.get(pid)?.startTime === before.get(pid).startTime);
  let moving = 0;
  for (const pid of still) {
    for (const [field, expected] of Object.entries(before.get(pid))) {
      const later = after.get(pid)[field];
      if (later !== expected) moving++;
      for (const rows of [walked, inParts, basic]) {
        if (rows === basic && !BASIC.split(' ').includes(field)) continue;
        const actual = rows.get(pid)?.[field];
        if (!isBetween(field, expected, actual, later))
          differing.push({ pid, field, expected: shortened(expected), actual: shortened(actual) });
      }
    }
  }
  const common = (rows) => [...rows.keys()].filter((pid) => still.includes(pid));
  if (String(common(walked)) !== String(common(before))) differing.push({ why: 'the order of rows differs' });
  // Each field on its own too: the program leaves out what is not asked for.
  for (const index of FieldSet.fromBits(ALL)) {
    const { name } = FIELDS[index];
    const alone = rowsOf(walk(2 ** index, 1e6));
    for (const pid of herd) {
      if (alone.get(pid)?.[name] !== before.get(pid)?.[name]) differing.push({ pid, field: name, why: 'alone' });
    }
  }
  const kernelThreads = still.filter((pid) => pid === 2 || before.get(pid).ppid === '2').length;
  return { rows: still.length, kernelThreads, moving, differing };
}

/** Whether it may be what was there in between. What has changed meanwhile proves nothing, unless it only grows. */
function isBetween(field, before, actual, after) {
  if (before === after) return actual === before;
  if (!GROWING.has(field) || ![before, after].every((text) => /^[\d,.]+$/.test(text))) return actual !== undefined;
  const [low, value, high] = [before, actual, after].map((text) => (text ?? '').split(',').map(Number));
  // How the kernel divides the time between user and system changes with each sample.
  const limits = field === 'cpuTimes' ? [[0, 1], [2], [3], [4]] : low.map((_, member) => [member]);
  return limits.every((members) => {
    const [least, found, most] = [low, value, high].map((all) => members.reduce((sum, member) => sum + all[member], 0));
    return least <= found && found <= most;
  });
}

function throughFiles() {
  const pids = [];
  for (let cursor = 0; cursor >= 0; ) {
    const listed = run(reader, { op: 'list', cursor, max: 1e6 });
    pids.push(...listed.pids);
    cursor = listed.cursor;
  }
  const flags = ReadFlag.listed | ReadFlag.dropGone;
  return rowsOf([new Frame(run(reader, { op: 'pids', pids: Int32Array.from(pids), fields: ALL, flags }))]);
}

function walk(fields, max) {
  const number = ++walks;
  const frames = [];
  for (let from = 0; from >= 0; from = frames.at(-1).next) {
    const answer = run(reader, { op: 'cursor', fields, flags: ReadFlag.dropGone, number, from, max });
    if (!(answer instanceof ArrayBuffer)) throw new Error(`refused: ${JSON.stringify(answer)}`);
    frames.push(new Frame(answer));
  }
  return frames;
}

/** By PID, each field as text: bytes as they are, so that a name of odd ones is not taken for another. */
function rowsOf(frames) {
  const rows = new Map();
  for (const frame of frames) {
    frame.pids.forEach((pid, row) => {
      const values = {};
      for (const index of frame.fields) {
        const { name, storage } = FIELDS[index];
        const failure = frame.failure(row, index);
        const column = frame.column(index);
        if (failure !== undefined) values[name] = JSON.stringify(failure);
        else if (!column.has(row)) values[name] = 'null';
        else if (storage === 'variable') values[name] = Buffer.from(column.bytes(column.numbers[row])).toString('hex');
        else if (storage === 'struct')
          values[name] = column.members
            .map(({ column: member }) => (member.has(row) ? member.numbers[row] : ''))
            .join();
        else values[name] = String(column.numbers[row]);
      }
      if (rows.has(pid)) throw new Error(`PID ${pid} stands in the table twice`);
      rows.set(pid, values);
    });
  }
  return rows;
}

async function startHerd(program) {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const { value: line } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (!line?.startsWith('ready ')) throw new Error(`the herd is not ready: ${line}`);
  return { pids: line.split(' ').slice(1).map(Number), end: () => child.stdin.end() };
}

/** The last thing that each does is to fall asleep. */
async function asleep(pids) {
  const moving = () => {
    const asked = Int32Array.from(pids);
    const running = rowsOf([
      new Frame(run(reader, { op: 'pids', pids: asked, fields: bitsOf(['state', 'umask']), flags: ReadFlag.dropGone })),
    ]);
    return [...running.values()].filter(({ state }) => state === '0').length;
  };
  while (moving() > 0) await pause(10);
  if (!readdirSync('/proc').includes(String(pids[0]))) throw new Error('the herd is not in this /proc');
}

function shortened(text) {
  return text !== undefined && text.length > 200 ? `${text.slice(0, 200)}… (${text.length})` : text;
}
