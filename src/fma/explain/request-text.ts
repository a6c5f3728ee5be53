// RequestText: what an agent asked for, in words.
import { assertNever } from '../../base/assert.js'
import type { MachineRequest } from '../fmd/module.js'

/** `take pcpu 1 out of service`. */
export function requestText(what: MachineRequest): string {
  switch (what.kind) {
    case 'offline-pcpu':
      return `take pcpu ${what.pcpu} out of service`
    case 'online-pcpu':
      return `put pcpu ${what.pcpu} back`
    case 'retire-page':
      return `take page 0x${what.physaddr.toString(16)} out of service`
    case 'unretire-page':
      return `put page 0x${what.physaddr.toString(16)} back`
    case 'retire-device':
      return `take device ${what.path} out of service`
    case 'unretire-device':
      return `put device ${what.path} back`
    case 'tell':
      return 'tell people'
    default:
      return assertNever(what)
  }
}

/** The same without which one: `take a page out of service`. */
export function kindOfRequestText(what: MachineRequest): string {
  switch (what.kind) {
    case 'offline-pcpu':
      return 'take a pcpu out of service'
    case 'online-pcpu':
      return 'put a pcpu back'
    case 'retire-page':
      return 'take a page out of service'
    case 'unretire-page':
      return 'put a page back'
    case 'retire-device':
      return 'take a device out of service'
    case 'unretire-device':
      return 'put a device back'
    case 'tell':
      return 'tell people'
    default:
      return assertNever(what)
  }
}
