// Saved office: all that a fault manager knows, taken out as data and put in again.
//
// Holds: what is put in is what was taken out. Cases of modules that are not there stay, without
// anybody to be told when they are closed.
import { CaseFile } from './case-file.js'
import type { LoadedModule } from './loaded-module.js'
import type { Office } from './office.js'
import type { CaseState, FmdState } from './state.js'

type Modules = ReadonlyMap<string, LoadedModule>

/** Takes it out. */
export function saveOffice(office: Office, modules: Modules): FmdState {
  const { seed, nowNs, inputs, ordinal, logged, nextRequest, requests, timers, life } = office
  return {
    ...{ version: 1, seed, nowNs, inputs, ordinal, nextRequest, logged: { ...logged } },
    requests: [...requests.values()],
    timers: timers.save(),
    cases: [...life.cases.values()].map(saveCase),
    modules: [...modules.values()].map((loaded) => loaded.save()),
  }
}

function saveCase(file: CaseFile): CaseState {
  const { uuid, module, openedNs, injected, orphaned, diagnosis } = file
  const facts = { uuid, module, openedNs, injected, orphaned, ereports: [...file.ereports] }
  if (diagnosis === undefined) return { ...facts, diagnosis }
  const entries = diagnosis.entries.map(({ id, fault, faulty, reason, changedNs, asru }) => {
    return { id, fault, faulty, reason, changedNs, unusable: asru.unusable }
  })
  return { ...facts, diagnosis: { ...diagnosis, entries } }
}

/** Puts it in, in place of what was there. */
export function loadOffice(office: Office, modules: Modules, state: FmdState): void {
  const { seed, nowNs, inputs, ordinal, nextRequest } = state
  Object.assign(office, { seed, nowNs, inputs, ordinal, nextRequest, logged: { ...state.logged } })
  office.requests.clear()
  for (const request of state.requests) office.requests.set(request.request, request)
  office.timers.restore(state.timers)
  const saved = new Map(state.modules.map((one) => [one.name, one]))
  for (const [name, loaded] of modules) loaded.restore(saved.get(name))
  office.life.clear()
  for (const one of state.cases) loadCase(office, modules, one)
}

function loadCase({ life }: Office, modules: Modules, state: CaseState): void {
  const file = new CaseFile(state)
  file.ereports = [...state.ereports]
  file.injected = state.injected
  const loaded = modules.get(state.module)
  file.orphaned = state.orphaned || loaded === undefined
  life.cases.set(file.uuid, file)
  if (!file.orphaned) loaded?.cases.set(file.uuid, file)
  const { diagnosis } = state
  if (diagnosis === undefined) return
  const entries = diagnosis.entries.map(({ faulty, reason, unusable, ...of }) => {
    const entry = life.resources.add({ ...of, uuid: file.uuid })
    Object.assign(entry, { faulty, reason })
    if (unusable) life.resources.setUnusable(entry.asru, true)
    return entry
  })
  life.keep(file, { ...diagnosis, entries })
}
