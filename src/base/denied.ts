// What Node's permission model refused, in our words.
//
//   { code: 'ERR_ACCESS_DENIED', permission: 'FileSystemRead', resource: '/etc/passwd' }
//     ->  nb.denied: reading /etc/passwd: not allowed to this notebook;  --allow read:/etc/passwd
//
// Source: Node's documentation of permissions, and of ERR_ACCESS_DENIED.
import { XpvError } from './error.js'

/** The refusal behind an error, or behind what caused it; undefined when there is none. `whole`
 *  makes a whole path of one that starts where the process is. */
export function deniedByNode(
  thrown: unknown,
  whole: (path: string) => string,
): XpvError | undefined {
  let error = thrown
  for (let depth = 0; depth < 5 && error instanceof Error; depth++) {
    if (error instanceof XpvError && error.code === 'nb.denied') return error
    const code: unknown = Reflect.get(error, 'code')
    if (code === 'ERR_DLOPEN_DISABLED') return denied('loading native code', 'all')
    if (code === 'ERR_ACCESS_DENIED') {
      const resource: unknown = Reflect.get(error, 'resource')
      return inOurWords(Reflect.get(error, 'permission'), whole(String(resource ?? '')))
    }
    error = error.cause
  }
  return undefined
}

/** The refusal of something that a notebook wanted; `word` is what would grant it. */
export function denied(what: string, word: string): XpvError {
  return new XpvError('nb.denied', `${what}: not allowed to this notebook`, `--allow ${word}`)
}

function inOurWords(permission: unknown, resource: string): XpvError {
  switch (permission) {
    case 'FileSystemRead':
      return denied(`reading ${resource}`, `read:${resource}`)
    case 'FileSystemWrite':
      return denied(`writing ${resource}`, `write:${resource}`)
    case 'ChildProcess':
      return denied('starting a program', 'run')
    case 'Net':
      return denied('the network', 'net')
    case 'WorkerThreads':
      return denied('starting a thread', 'all')
    case 'Inspector':
      return denied('the inspector', 'all')
    default:
      return denied('what it asked of Node', 'all')
  }
}
