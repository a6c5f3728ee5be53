// What $pid, $uid and their like stand for: this process, as on any DTrace host they are dtrace's
// own.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Process, group, session, user and group ids by the macro's name. Projects and tasks are
 *  illumos's; here, as for its system processes, they are 0. */
export function processIds(): ReadonlyMap<string, number> {
  const { pgid, sid } = groupIds()
  return new Map([
    ['pid', process.pid],
    ['ppid', process.ppid],
    ['pgid', pgid],
    ['sid', sid],
    ['uid', process.getuid?.() ?? 0],
    ['gid', process.getgid?.() ?? 0],
    ['euid', process.geteuid?.() ?? 0],
    ['egid', process.getegid?.() ?? 0],
    ['projid', 0],
    ['taskid', 0],
  ])
}

/** Node does not tell these: Linux's /proc does, elsewhere ps. 0 where neither is there. */
function groupIds(): { pgid: number; sid: number } {
  const [pgid = 0, sid = 0] = fromProc() ?? fromPs()
  return { pgid, sid }
}

/** Fields 5 and 6 of proc(5)'s stat; the name before them is in parentheses and may hold any. */
function fromProc(): readonly number[] | undefined {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [Number(fields[2]), Number(fields[3])]
  } catch {
    return undefined
  }
}

function fromPs(): readonly number[] {
  try {
    const words = ['-o', 'pgid=,sid=', '-p', String(process.pid)]
    const text = execFileSync('ps', words, { encoding: 'utf8', stdio: 'pipe' })
    return text
      .trim()
      .split(/\s+/)
      .map((id) => Number(id) || 0)
  } catch {
    return []
  }
}
