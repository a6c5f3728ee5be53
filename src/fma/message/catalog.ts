// Catalog: the message of a diagnosis, by the classes of its suspects or by its code.
//
//   ['fault.cpu.generic-x86.l1dcache']  ->  GMCA-8000-LF, Major, ...
//   ['fault.no.such.thing']             ->  FMD-8000-11: a diagnosis without a message of its own
//
// Holds: every diagnosis has a message; a code is of one message only.
import { AMD, GMCA, INTEL } from './cpu-messages.js'
import { printDiagcode } from './diagcode.js'
import { dictionaryKey } from './dictionary.js'
import { PCI, PCIEX } from './io-messages.js'
import { FMD, SUNOS } from './manager-messages.js'
import type { Message } from './message.js'

const DICTIONARIES = { FMD, GMCA, AMD, INTEL, PCIEX, PCI, SUNOS }

const MESSAGES: readonly Message[] = Object.entries(DICTIONARIES).flatMap(([dictionary, list]) =>
  list.map((message) => {
    const code = printDiagcode({ dictionary, value: BigInt(message.value) })
    return { ...message, code }
  }),
)

const BY_KEY: ReadonlyMap<string, Message> = new Map(
  MESSAGES.map((message) => [dictionaryKey(message.classes), message]),
)
const BY_CODE: ReadonlyMap<string, Message> = new Map(
  MESSAGES.map((message) => [message.code, message]),
)

/** All messages, dictionary by dictionary. */
export function messages(): readonly Message[] {
  return MESSAGES
}

/** The message for a set of classes; that of diagnoses without one (FMD-8000-11) where no
 *  dictionary has the set. */
export function messageFor(classes: readonly string[]): Message {
  return (BY_KEY.get(dictionaryKey(classes)) ?? BY_KEY.get(NO_MESSAGE)) as Message
}

const NO_MESSAGE = 'defect.sunos.fmd.nodiagcode'

/** The message with a code; undefined when it is none of ours. */
export function messageOf(code: string): Message | undefined {
  return BY_CODE.get(code)
}
