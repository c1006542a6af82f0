import { createClient } from 'psutil-extra';
import { describe, expect, it } from 'vitest';
import {
  COMMON_SECRETS,
  exportToOpenTelemetry,
  exportToPrometheus,
  groupProcesses,
  parseConfig,
  serveMetrics,
} from '../../packages/metrics/dist/index.js';
import { World } from './world.js';

describe('options that are wrong throw', () => {
  it.each([
    [{ groupby: 'name' }, 'ERR_INVALID_ARG_VALUE', /'options' has no option 'groupby'; valid options are 'groupBy', /],
    [
      { groupBy: 'nam' },
      'ERR_INVALID_ARG_VALUE',
      /'options\.groupBy' must be one of 'name', 'user', 'cgroup', 'container', or/,
    ],
    [{ groupBy: [] }, 'ERR_INVALID_ARG_VALUE', /'options\.groupBy' must have a rule/],
    [
      { groupBy: [{ comm: 'x' }] },
      'ERR_INVALID_ARG_VALUE',
      /'options\.groupBy\[0\]' has no option 'comm'; valid options are 'group', /,
    ],
    [
      { groupBy: [{}, { name: 3 }] },
      'ERR_INVALID_ARG_TYPE',
      /"options\.groupBy\[1\]\.name" .* string, a RegExp, or a list/,
    ],
    [
      { groupBy: [{ group: '{nam}' }] },
      'ERR_INVALID_ARG_VALUE',
      /'options\.groupBy\[0\]\.group' knows \{name\}, .*and no \{nam\}/,
    ],
    [{ groupBy: [{ group: 3 }] }, 'ERR_INVALID_ARG_TYPE', /groupBy\[0\]\.group/],
    [
      { groupBy: [{ group: '{name}' }, { group: 'web', name: 'nginx' }] },
      'ERR_INVALID_ARG_VALUE',
      /'options\.groupBy\[0\]' has no condition, .* must be the last\. Received \{ group: '\{name\}' \}/,
    ],
    [{ groupBy: [{ name: [] }] }, 'ERR_INVALID_ARG_VALUE', /groupBy\[0\]\.name' must have a text/],
    [{ maxGroups: 0 }, 'ERR_OUT_OF_RANGE', /"options\.maxGroups".*>= 1 and <= 10000/],
    [{ maxGroups: 1, groupBy: [{ group: 'a', name: 'a' }, { group: 'b' }] }, 'ERR_INVALID_ARG_VALUE', /at least 2/],
    [{ maxNameLength: 3 }, 'ERR_OUT_OF_RANGE', /maxNameLength/],
    [{ forgetAfter: -1 }, 'ERR_OUT_OF_RANGE', /forgetAfter/],
    [{ interval: 10 }, 'ERR_OUT_OF_RANGE', /interval/],
    [{ interval: '1s' }, 'ERR_INVALID_ARG_TYPE', /interval/],
    [{ interval: 60_000, slowInterval: 1000 }, 'ERR_OUT_OF_RANGE', /slowInterval/],
    [{ redact: ['x'] }, 'ERR_INVALID_ARG_TYPE', /redact/],
    [{ redact: /x/ }, 'ERR_INVALID_ARG_TYPE', /redact/],
    [{ include: ['fds'] }, 'ERR_INVALID_ARG_VALUE', /include' must have of contextSwitches, io, .*'fds'/],
    [{ onError: true }, 'ERR_INVALID_ARG_TYPE', /onError/],
    [[], 'ERR_INVALID_ARG_TYPE', /"options"/],
  ])('%o', (options, code, message) => {
    const attempt = () => groupProcesses(new World().client(), options as object);
    expect(attempt).toThrow(expect.objectContaining({ code }));
    expect(attempt).toThrow(message);
  });

  it('where the client, the registry or the meter is none', async () => {
    expect(() => groupProcesses({} as never)).toThrow(/"client".*what createClient\(\) returns/);
    await using groups = groupProcesses(new World().client());
    expect(() => exportToPrometheus(groups, {} as never)).toThrow(/"registry"/);
    expect(() => exportToOpenTelemetry(groups, {} as never)).toThrow(/"meter"/);
  });

  it.each([
    [{ port: 70_000 }, /options\.port/],
    [{ host: '' }, /options\.host/],
    [{ hosts: 'x' }, /has no option 'hosts'/],
  ])('of a server: %o', async (options, message) => {
    await expect(serveMetrics(new World().client(), options as object)).rejects.toThrow(message);
  });

  it('and undefined is none', async () => {
    await using client = createClient({ threads: 1 });
    await using groups = groupProcesses(client, { groupBy: undefined, maxGroups: undefined, redact: undefined });
    await groups.ready();
    expect(groups.size).toBeGreaterThan(0);
  });
});

describe('a file of options', () => {
  it('has regular expressions as objects', () => {
    const text = JSON.stringify({
      groupBy: [{ group: 'web-{site}', cmdline: { regex: '--SITE=(?<site>\\w+)', flags: 'i' } }],
      redact: [{ regex: 'key=\\S+' }],
      maxGroups: 10,
    });
    expect(parseConfig(text, 'x.json')).toEqual({
      groupBy: [{ group: 'web-{site}', cmdline: /--SITE=(?<site>\w+)/i }],
      redact: [/key=\S+/],
      maxGroups: 10,
    });
  });

  it('has the common secrets by their name, beside others', () => {
    const text = JSON.stringify({ redact: ['COMMON_SECRETS', { regex: 'key=\\S+' }] });
    expect(parseConfig(text, 'x.json')).toEqual({ redact: [...COMMON_SECRETS, /key=\S+/] });
  });

  it('may begin with the mark that some editors write', () => {
    expect(parseConfig('\uFEFF{ "maxGroups": 10 }', 'x.json')).toEqual({ maxGroups: 10 });
  });

  it.each([
    ['{', /^x\.json is not JSON: /],
    [' \n', /^x\.json is empty: it must have a JSON object/],
    ['{\n  "maxGroups": 10,\n}', /^x\.json is not JSON: .* \(line 3 column 1\)/],
    ['{"redact":[{"regex":"\\S"}]}', /^x\.json is not JSON: .*; in JSON a backslash is written twice$/],
    ['{"onError":"x"}', /^x\.json: The argument 'options' has no option 'onError'; .*'include'/],
    ['{"redact":["key"]}', /^x\.json: The "options\.redact" .* list of \{ "regex": "…" \} and "COMMON_SECRETS"/],
    ['{"redact":{"regex":"key"}}', /^x\.json: The "options\.redact" .* list of \{ "regex": "…" \}/],
    ['{"redact":[{"regex":"("}]}', /^x\.json: .*'options\.redact\[0\]\.regex' is no regular expression/],
    [
      '{"groupBy":[{"exe":{"regexp":"x"}}]}',
      /^x\.json: .*groupBy\[0\]\.exe' has no option 'regexp'; valid options are 'regex', 'flags'/,
    ],
    ['{"groupBy":[{"exe":["y",{"regex":"["}]}]}', /^x\.json: .*groupBy\[0\]\.exe\[1\]\.regex' is no regular/],
    ['{"groupBy":[{"exe":{}}]}', /^x\.json: .*groupBy\[0\]\.exe\.regex" .* string\. Received undefined/],
    ['{"groupBy":["nginx"]}', /^x\.json: .*"options\.groupBy\[0\]" argument must be of type object/],
    ['[]', /^x\.json: The "options" argument must be of type object/],
    ['{"maxgroups":1}', /^x\.json: The argument 'options' has no option 'maxgroups'/],
    [
      '{"groupBy":[{"name":{"regex":"("}}]}',
      /^x\.json: The argument 'options\.groupBy\[0\]\.name\.regex' is no regular/,
    ],
    ['{"groupBy":[{"name":{"regex":1}}]}', /^x\.json: .*name\.regex/],
    [
      '{"groupBy":[{"name":{"regex":"x","flag":"i"}}]}',
      /^x\.json: .*has no option 'flag'; valid options are 'regex', 'flags'/,
    ],
  ])('that is wrong is named, and what is wrong in it: %s', (text, message) => {
    expect(() => parseConfig(text, 'x.json')).toThrow(message);
    expect(() => parseConfig(text, 'x.json')).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_/) }),
    );
  });
});
