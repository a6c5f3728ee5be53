// What a toolstack does once a guest has shut itself down.
import type { AfterShutdown } from '../tool-world.js'
import { xlAfterShutdown } from './xl/after-shutdown.js'
import { xmAfterShutdown } from './xm/after-shutdown.js'

/** The script of what follows, by whose guest it was. */
export const afterShutdown: AfterShutdown = (domid, reason, world) =>
  world.era.toolstack === 'xm'
    ? xmAfterShutdown(domid, reason, world)
    : xlAfterShutdown(domid, reason, world)
