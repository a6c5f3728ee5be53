// Subroutines on paths.
//
// Source: D language guide, "Actions and Subroutines"; illumos dtrace.c (dtrace_dif_subr); linux
// bpf/cleanpath.S.
import type { Subroutine } from './subroutine.js'

/** By name. */
export const PATH_SUBROUTINES: Readonly<Record<string, Subroutine>> = {
  basename: ([path], state) => basename(state.text(path)),
  dirname: ([path], state) => dirname(state.text(path)),
  cleanpath: ([path], state) =>
    state.limits.dialect === 'linux' ? resolved(state.text(path)) : cleaned(state.text(path)),
}

function basename(path: string): string {
  if (path === '') return '.'
  const trimmed = path.replace(/\/+$/, '')
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

function dirname(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  if (trimmed === '') return path === '' ? '.' : '/'
  const slash = trimmed.lastIndexOf('/')
  if (slash < 0) return '.'
  const parent = trimmed.slice(0, slash).replace(/\/+$/, '')
  return parent === '' ? '/' : parent
}

/** What illumos looks at in one step: `//`, `/./`, `/../`, a name that begins with dots, or a
 *  character. The end of the path ends no `/.`, which stays. */
const STEP = /(\/\.?)(?=\/)|(\/\.\.)(?=[/\0])|\/\.{0,2}[\s\S]|[^/]/g

/** The path in one pass, as illumos goes: a slash at the end stays, and so does a dot. */
function cleaned(path: string): string {
  let kept = ''
  for (const [step, nothing, parent] of `${path}\0`.matchAll(STEP)) {
    if (parent !== undefined) kept = kept.slice(0, Math.max(0, kept.lastIndexOf('/')))
    else if (nothing === undefined) kept += step
  }
  const [text = ''] = kept.split('\0', 1)
  return text === '' && path.startsWith('/') ? '/' : text
}

/** The shortest path to the same place, as Linux has it: without a slash at its end. */
function resolved(path: string): string {
  if (path.length < 2) return path
  const kept: string[] = []
  let up = 0
  for (const part of path.split('/').reverse()) {
    if (part === '..') up++
    else if (part === '' || part === '.') continue
    else if (up > 0) up--
    else kept.unshift(part)
  }
  if (path.startsWith('/')) return `/${kept.join('/')}`
  return [...Array<string>(up).fill('..'), ...kept].join('/') || '.'
}
