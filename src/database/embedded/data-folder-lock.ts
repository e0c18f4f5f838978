import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Thrown when another living process has the data folder open. */
export class DataFolderInUseError extends Error {
  constructor(folder: string, processId: number) {
    super(
      `The data folder ${folder} is in use by process ${processId}. The embedded database serves one process: ` +
        `stop that one, set another DATA_DIR, or set DATABASE_URL to share a PostgreSQL server.`,
    );
    this.name = 'DataFolderInUseError';
  }
}

/**
 * Takes the data folder for this process until the returned function gives it back. The lock of a process
 * that died is taken over.
 * @throws DataFolderInUseError when a living process holds it
 */
export function lockDataFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'process.lock');
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, `${process.pid} ${startOf(process.pid)}`);
  try {
    take(lock, mine, folder);
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

// A stale lock is removed only under a lock of its own, and looked at again there: of many processes that find it
// stale at once, none can remove the lock that another has taken meanwhile.
function take(lock: string, mine: string, folder: string): void {
  while (!linkIfFree(mine, lock)) {
    const owner = livingOwnerOf(lock);
    if (owner !== null) {
      throw new DataFolderInUseError(folder, owner);
    }
    const removal = `${lock}.removal`;
    take(removal, mine, folder);
    if (livingOwnerOf(lock) === null) {
      rmSync(lock, { force: true });
    }
    rmSync(removal);
  }
}

function linkIfFree(mine: string, lock: string): boolean {
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) {
      return false;
    }
    throw error;
  }
}

function livingOwnerOf(lock: string): number | null {
  const [processId = '', start = ''] = readOrEmpty(lock).split(' ');
  const id = Number(processId);
  return isAlive(id) && startOf(id) === start ? id : null;
}

function isAlive(processId: number): boolean {
  try {
    return processId > 0 && process.kill(processId, 0);
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
}

// Linux reuses process ids, in containers soon: the start time (proc(5), stat field 22) tells two apart.
function startOf(processId: number): string {
  const stat = readOrEmpty(`/proc/${processId}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) {
      return '';
    }
    throw error;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
