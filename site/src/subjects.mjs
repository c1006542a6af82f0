// A plugin of TypeDoc that orders the reference by subject. Every export has one: one that has none, or that is no longer there, is
// an error.
import { Comment, CommentTag, Converter } from 'typedoc';
import { basic } from '../../packages/native/schema/fields/basic.mjs';
import { files } from '../../packages/native/schema/fields/files.mjs';
import { program } from '../../packages/native/schema/fields/program.mjs';
import { scheduling } from '../../packages/native/schema/fields/scheduling.mjs';
import { security } from '../../packages/native/schema/fields/security.mjs';
import { usage } from '../../packages/native/schema/fields/usage.mjs';

/** @type {Record<string, string>} subject, and the exports that it has in this order */
const EXPORTS = {
  'The client': 'createClient Client ClientOptions CallOptions Supported Stats Source',
  'One process': `Process Proc Oneshot Snapshot SnapshotOptions TextOptions TextField TextBytes FieldMethods BoundMethods
    CpuPercentOptions`,
  'Many processes': `ScanOptions ScanBatchesOptions ProcessTable ProcessRow TableField Columns ListColumn GroupsColumn`,
  'Finding processes': 'Criteria ChildrenOptions TreeOptions TreeRow',
  'Ending and waiting': 'ClientActions KillTreeOptions KilledProcess ExitStatus',
  'Limits and priority': `constants Limits BigIntLimits NewLimits LimitsOptions Resource ResourceName SetterMethods BoundSetters
    SetterOptions NewIoPriority NewScheduler`,
  'CPU and memory over time': `ClientWatching SampleOptions Samples SampleTable SampledField SampledValues DefaultSampled IoRates
    TopOptions TopOrder TopRow`,
  'Processes that start and end': `EventsOptions ProcessEvents ProcessEvent ForkEvent ExecEvent ExitEvent LostEvent LiveOptions
    LiveTable LiveRow LiveField LiveChange LiveEvents`,
  Errors: `ProcessError NoSuchProcessError ZombieProcessError AccessDeniedError NotSupportedError ClientClosedError QueueFullError
    WorkerError ProcessErrorFields`,
  Fields: 'FIELDS Field Fields NamedField DefaultField FieldValues',
  'Values of fields': `Capabilities CapabilityName CapabilitySet Connection ConnectionFamily ConnectionState ConnectionType
    ContextSwitches CpuTimes Fd FdKind Ids Io IoClass IoPriority Memory MemoryDetail MemoryFootprint MemoryMap Namespaces PageFaults
    Scheduler SchedulerPolicy Seccomp SignalMasks SignalName SignalSet SocketAddress State Thread ThreadTimes`,
  'Columns of fields': `ContextSwitchesColumn CpuTimesColumn IdsColumn IoColumn IoPriorityColumn IoRatesColumn MemoryColumn
    MemoryDetailColumn MemoryFootprintColumn NamespacesColumn PageFaultsColumn SchedulerColumn`,
  'Watching the library': 'CallEvent ReadEvent',
};

/** @type {Record<string, readonly string[]>} subject, and the methods of clients and processes that it has */
const METHODS = {
  'Many processes': ['scan', 'scanBatches', 'pids'],
  'One process': ['process', 'oneshot', 'snapshot', 'isRunning', 'identity', 'pid', 'toJSON'],
  'Finding processes': ['find', 'tree', 'parent', 'parents', 'children'],
  'Ending and waiting': ['kill', 'killTree', 'waitForExit'],
  'CPU and memory over time': ['sample', 'top', 'cpuPercent'],
  'Processes that start and end': ['events', 'live'],
  'Limits and priority': [
    'rlimit',
    'getrlimit',
    'setNice',
    'setIoPriority',
    'setAffinity',
    'setScheduler',
    'setOomScoreAdj',
  ],
  'Fields: who it is': namesOf(basic),
  'Fields: its program': namesOf(program),
  'Fields: what it uses': namesOf(usage),
  'Fields: its files and sockets': namesOf(files),
  'Fields: how it is scheduled': namesOf(scheduling),
  'Fields: what it may do': namesOf(security),
  'The client': ['supports', 'stats', 'close', '[asyncDispose]'],
};
const WITH_METHODS = new Set(['Client', 'ClientActions', 'ClientWatching', 'Process', 'Oneshot']);

const subjects = new Map(
  Object.entries(EXPORTS).flatMap(([subject, names]) => names.split(/\s+/).map((name) => [name, subject])),
);
const ofMethods = new Map(Object.entries(METHODS).flatMap(([subject, names]) => names.map((name) => [name, subject])));

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.on('bootstrapEnd', () =>
    app.options.setValue('categoryOrder', [...Object.keys(EXPORTS), ...Object.keys(METHODS)]),
  );
  app.renderer.on('endPage', (page) => {
    if (page.url === 'index.md') page.contents = page.contents?.replaceAll(DESCRIPTION, '$1 |');
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const names = new Set((project.children ?? []).map(({ name }) => name));
    for (const name of subjects.keys()) {
      if (!names.has(name)) app.logger.error(`site/src/subjects.mjs: ${name} is no export`);
    }
    for (const each of project.children ?? []) {
      const subject = subjects.get(each.name);
      if (subject === undefined) app.logger.error(`site/src/subjects.mjs: ${each.name} has no subject`);
      else categorize(each, subject);
      if (!WITH_METHODS.has(each.name)) continue;
      for (const member of each.children ?? []) categorize(member, ofMethods.get(member.name) ?? 'More');
    }
  });
}

/** The first sentence of a row's description, and what follows it. */
const DESCRIPTION = /^(\| \[\w+\]\([^)]*\) \| .*?[.:])(?<!\w\.\w\.) (?=[A-Z`])(?!\|).*$/gm;

/**
 * @param {import('typedoc').DeclarationReflection} reflection
 * @param {string} subject
 */
function categorize(reflection, subject) {
  // A method has its comment at its signatures.
  for (const each of reflection.signatures ?? [reflection]) {
    each.comment ??= new Comment();
    each.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: subject }]));
  }
}

/** @param {readonly { name: string }[]} fields */
function namesOf(fields) {
  return fields.map(({ name }) => name);
}
