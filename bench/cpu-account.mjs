// Who has used the processor: the hashing threads of a server, the rest of it, its database, the load, and everybody.
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds in a clock tick of /proc (`USER_HZ`, which Linux fixes at 100). */
const TICK = 10;

/** CPU milliseconds so far, by who used them; `database` is the name of PostgreSQL's. */
export function readAccount(serverPid, database) {
  const threads = readdirSync(`/proc/${serverPid}/task`).map((thread) =>
    usage(`/proc/${serverPid}/task/${thread}`),
  );
  const { user, system } = process.cpuUsage();
  return {
    hashing: sum(threads.filter(({ isNice }) => isNice)),
    server: sum(threads.filter(({ isNice }) => !isNice)),
    PostgreSQL: backendsOf(database),
    load: (user + system) / 1000,
    everything: machine(),
  };
}

/** What was used between two accounts, in milliseconds. What a process of PostgreSQL used that ended between is lost. */
export function difference(before, after) {
  const { PostgreSQL, ...others } = after;
  const backends = [...PostgreSQL].map(([pid, value]) => value - (before.PostgreSQL.get(pid) ?? 0));
  return {
    ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, value - before[name]])),
    PostgreSQL: backends.reduce((total, value) => total + value, 0),
  };
}

/** By process: those that serve the database, and those that write for all. */
function backendsOf(database) {
  const isOne = (command) =>
    (command.startsWith('postgres') && command.includes(` ${database} `)) ||
    /^postgres: .*(walwriter|checkpointer|background writer)/.test(command);
  return new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && isOne(readIfThere(`/proc/${name}/cmdline`)))
      .map((pid) => [pid, usage(`/proc/${pid}`).milliseconds || 0]),
  );
}

// proc(5): fields are counted after the name in brackets, which may hold spaces.
function usage(folder) {
  const fields = readIfThere(`${folder}/stat`).split(') ').at(-1).split(' ');
  return { milliseconds: (Number(fields[11]) + Number(fields[12])) * TICK, isNice: Number(fields[16]) > 0 };
}

function machine() {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) * TICK;
}

// A process may end while it is looked at.
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') {
      return '';
    }
    throw error;
  }
}

function sum(usages) {
  return usages.reduce((total, { milliseconds }) => total + (milliseconds || 0), 0);
}
