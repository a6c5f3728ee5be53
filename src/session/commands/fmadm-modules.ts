// What fmadm does about modules: loads one, unloads one.
//
//   load FILE.esc                               another engine, with the rules of that file
//   load /usr/lib/fm/fmd/plugins/io-retire.so   one that fmd has, after it was unloaded
//   unload io-retire                            fmd goes on without it
//
// Holds: a module that does not load changes nothing. Source: illumos-gate
// usr/src/cmd/fm/fmadm/common/load.c, usr/src/lib/fm/libfmd_adm.
import { readFileSync } from 'node:fs'
import { XpvError } from '../../base/error.js'
import type { FmdModule } from '../../fma/fmd/module.js'
import type { FaultManagement, ModuleLoad } from '../../fma/host/fault-management.js'
import { engineOf, standardModules } from '../../fma/host/standard-modules.js'
import type { CommandIo } from '../command.js'
import { rulesOfFiles } from './rule-files.js'

const NOT_THERE = 'file missing or cannot be accessed by fault manager'
const NOT_LOADED = 'module failed to load (consult fmd(1M) log)'
const REASONS: Readonly<Record<string, string>> = {
  'fma.module-loaded': 'module using same name is already loaded',
  'fma.module-unknown': 'specified module is not loaded in fault manager',
  'fma.module-busy': 'module is in use and cannot be unloaded',
  'fma.rules': NOT_LOADED,
}

/** What it needs. */
export interface ModuleCall {
  readonly fma: () => FaultManagement
  readonly directory: () => string
  readonly io: CommandIo
  readonly quiet?: boolean
}

/** Loads a module by its path; the exit status. */
export function loadModule(path: string, call: ModuleCall): number {
  const done = `module '${path}' loaded into fault manager`
  return attempt(call, { what: `load ${path}`, done }, () => {
    const make = makerOf(path, call.directory())
    return { kind: 'load', make }
  })
}

/** Unloads one by its name. */
export function unloadModule(name: string, call: ModuleCall): number {
  if (name.includes('/')) {
    call.io.warn('fmadm: module must be specified using basename only\n')
    return FAILED
  }
  const done = `module '${name}' unloaded from fault manager`
  return attempt(call, { what: `unload ${name}`, done }, () => ({ kind: 'unload', name }))
}

const DONE = 0
const FAILED = 1

function attempt(
  { fma, io, quiet }: ModuleCall,
  told: { readonly what: string; readonly done: string },
  load: () => ModuleLoad,
): number {
  try {
    fma().change(load())
  } catch (error) {
    const reason = reasonOf(error)
    if (error instanceof XpvError && error.code === 'fma.rules') io.warn(`${error.message}\n`)
    io.warn(`fmadm: failed to ${told.what}: ${reason}\n`)
    return FAILED
  }
  if (quiet !== true) io.write(`fmadm: ${told.done}\n`)
  return DONE
}

function reasonOf(error: unknown): string {
  const known = error instanceof XpvError ? REASONS[error.code] : undefined
  if (known !== undefined) return known
  if (error instanceof Error && 'code' in error && 'syscall' in error) return NOT_THERE
  throw error
}

/** Makes the module of a file: of rules, or one of our own. */
function makerOf(path: string, directory: string): () => FmdModule {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:esc|so)$/, '')
  const isOwn = path.endsWith('.so') && standardModules().some((one) => one.name === name)
  if (isOwn) return () => standardModules().find((one) => one.name === name) as FmdModule
  const rules = rulesOfFiles([path], directory, (file) => readFileSync(file, 'utf8'))
  return () => engineOf(name, rules)
}
