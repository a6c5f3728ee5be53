// Subroutines on paths.
//
// Source: D language guide, "Actions and Subroutines"; illumos dtrace.c (dtrace_dif_subr).
import type { Subroutine } from './subroutine.js'

/** By name. */
export const PATH_SUBROUTINES: Readonly<Record<string, Subroutine>> = {
  basename: ([path], state) => basename(state.text(path)),
  dirname: ([path], state) => dirname(state.text(path)),
  cleanpath: ([path], state) => cleanpath(state.text(path)),
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

function cleanpath(path: string): string {
  const kept: string[] = []
  for (const part of path
    .replace(/\/+/g, '/')
    .split('/')
    .slice(path.startsWith('/') ? 1 : 0)) {
    if (part === '..' && (kept.length > 0 || path.startsWith('/'))) kept.pop()
    else if (part !== '.') kept.push(part)
  }
  return (path.startsWith('/') ? '/' : '') + kept.join('/')
}
