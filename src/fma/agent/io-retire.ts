// io-retire: takes devices out of service that a diagnosis names by their path in the device tree.
//
//   asru dev:////pci@0,0/pci8086,3408@1/...   ->  retire-device  ->  the case is closed
//
// Holds: only ASRUs of the scheme dev are acted upon, and none that says retire=0. What fails is
// not tried again. Source: illumos-gate usr/src/cmd/fm/modules/common/io-retire.
import type { FmdModule } from '../fmd/module.js'
import { retireAgent } from './retire-agent.js'

const STATISTICS = {
  io_flts: 'devices taken out of service',
  io_fails: 'devices that stayed in service',
  io_repairs: 'devices put back into service',
}

/** Makes the agent. */
export function ioRetire(): FmdModule {
  return retireAgent({
    name: 'io-retire',
    version: '2.0',
    description: 'I/O Retire Agent',
    statistics: STATISTICS,
    aimAt: ({ asru, retire }) =>
      retire === false || asru?.scheme !== 'dev' || asru.path === ''
        ? { counts: undefined }
        : { aim: { kind: 'device', path: asru.path } },
    againNs: () => undefined,
    counts: (_, retired, { kind }) => [
      kind === 'done' ? (retired ? 'io_flts' : 'io_repairs') : 'io_fails',
    ],
    closes: 'own',
  })
}
