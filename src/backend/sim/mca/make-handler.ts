// Who handles machine checks in an era.
import type { Era } from '../era.js'
import type { McaHandler, McaHandlerParts } from './handler.js'
import { MetalHandler } from './metal-handler.js'
import { NoHandler } from './no-handler.js'
import type { TelemetryPool, TelemetryRecord } from './telemetry.js'
import { XenHandler } from './xen-handler.js'

/** The handler of an era. On metal `logged` takes each record; under Xen `pool` keeps them. */
export function makeHandler(
  era: Era,
  parts: McaHandlerParts,
  to: {
    readonly pool: TelemetryPool
    readonly logged: (record: Omit<TelemetryRecord, 'id'>) => void
  },
): McaHandler {
  switch (era.mca) {
    case 'none':
      return new NoHandler(parts)
    case 'metal':
      return new MetalHandler(parts, to.logged)
    case 'unscanned':
    case 'hypervisor':
      return new XenHandler(parts, to.pool, {
        scans: era.mca === 'hypervisor',
        cmci: era.cmci,
        offlinesPages: era.pageOffline,
        verbose: era.virtualMca !== 'none',
      })
  }
}
