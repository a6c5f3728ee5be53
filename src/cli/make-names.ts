// Makes the name files (name-files.ts), of a session on each era that is opened for it.
import { ERAS } from '../backend/sim/era.js'
import { indexOf, type NameIndex } from '../session/name-index.js'
import { connect } from './connect.js'
import { CurrentMachine } from './current-machine.js'
import { openSession, WORDS_IN } from './session.js'

/** What Tab offers at the start of a session, by era. */
export function nameIndexes(): ReadonlyMap<string, NameIndex> {
  return new Map(ERAS.map(({ name }) => [name, nameIndexOn(`sim:${name}`)]))
}

/** What Tab offers at the start of a session on one machine. */
export function nameIndexOn(spec: string): NameIndex {
  const before = new Map(globalNames().map((name) => [name, heldBy(name)]))
  const silent = (): void => {}
  const current = new CurrentMachine(spec, (named) => connect(named), undefined)
  const { session, close } = openSession(current, {
    ...{ write: silent, warn: silent, columns: () => 80, keepsStrays: true },
  })
  try {
    const isNew = (name: string): boolean => !before.has(name) || before.get(name) !== heldBy(name)
    const globals = globalNames().filter(isNew)
    return indexOf(session.completing, [...WORDS_IN.keys()], globals)
  } finally {
    close()
  }
}

const globalNames = (): readonly string[] => Object.getOwnPropertyNames(globalThis)

/** What a name of the global object holds; getters are not asked. */
function heldBy(name: string): unknown {
  return Object.getOwnPropertyDescriptor(globalThis, name)?.value
}
