/** A command line without the program's name, and what it prints. */
export type Example = readonly [line: string, meaning: string];

/** Examples by command, for `--help` and the manual; those of no command are about the program. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  'psutil-extra': [
    ['scan --sort -rss --limit 5', 'the five largest processes'],
    ['find node', 'processes whose name has node in it'],
    ['top', 'busy processes; h lists the keys'],
    ['show self', 'the fields of this command'],
  ],
  scan: [
    ['scan --sort -rss --limit 5', 'the five largest'],
    ['find -i NODE', 'whose name has node in it'],
    ['scan -f --name server.js', 'by the command line'],
    ['scan -u www-data -r zombie', 'zombies of a user'],
    ['scan --csv -o name,umask > list.csv', 'for a spreadsheet'],
    ['scan --ndjson --watch 5', 'all, every 5 s, with changes'],
    ['scan --parquet now.parquet', 'for DuckDB'],
  ],
  top: [
    ['top -n 1 --limit 10', 'the ten busiest of a second'],
    ['top -s -rss -u postgres', 'the largest of a user'],
    ['top --ndjson -n 60 -p 1234', 'a minute of one, as JSON'],
  ],
  show: [
    ['show 1234', 'its fields by subject'],
    ['show --all self', 'all of them, of this command'],
    ['show --json -o name,memory 1 2', 'two fields of two processes'],
  ],
  rlimit: [
    ['rlimit 1234', 'all of its limits'],
    ['rlimit 1234 nofile=4096:', 'sets the soft limit of nofile'],
    ['rlimit 1234 core=unlimited', 'sets both limits of core'],
    ['rlimit 1234 as=1G', 'sets the address space'],
  ],
  groups: [['groups 1 self', 'of two processes, by name']],
  signals: [['signals 1234', 'what it blocks, ignores and catches']],
  fds: [
    ['fds 1234', 'its files, pipes and sockets'],
    ['fds --no-headers 1234', 'the same for a script'],
  ],
  maps: [['maps 1234', 'its mappings and their sizes']],
  env: [['env 1234', 'its environment when it began']],
  connections: [
    ['connections --listen', 'who waits on which port'],
    ['connections --port 8080', 'who uses port 8080'],
  ],
  tree: [
    ['tree', 'every process below its parent'],
    ['tree 1234', 'one with its descendants'],
  ],
  kill: [
    ['kill 1234', 'sends SIGTERM'],
    ['kill -s KILL 1234 1235', 'sends SIGKILL to two'],
    ['kill --tree --grace 2 1234', 'ends it with all descendants'],
  ],
  wait: [
    ['wait 1234', 'exits with its exit code'],
    ['wait --timeout 30 1234', 'at most half a minute'],
  ],
  events: [
    ['events --name ^nginx', 'of these programs'],
    ['events --ndjson --poll 1', 'where the kernel reports none'],
  ],
  record: [
    ['record /var/lib/processes', 'every minute, a file an hour'],
    ['record . -d 10 --keep 24', 'the last day'],
    ["record . --redact '(?<=token=)\\S+'", 'without tokens'],
  ],
  serve: [
    ['serve --metrics 9256', 'for this machine alone'],
    ['serve --metrics 10.0.0.5:9256', 'for a network'],
  ],
  completion: [],
};
