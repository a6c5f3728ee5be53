// fabric-xlate: takes the ereports of whole scans of a PCI Express fabric, which no rule is about:
// the errors that a scan found come as ereports of their own (fma/telemetry/pci).
//
// Holds: a scan is taken note of, and counted. Source: illumos-gate
// usr/src/cmd/fm/modules/common/fabric-xlate, where the ereports of single errors are made.
import type { FmdModule } from '../fmd/module.js'

/** Makes the module. */
export function fabricXlate(): FmdModule {
  return {
    name: 'fabric-xlate',
    version: '1.0',
    description: 'Fabric Ereport Translater',
    subscriptions: ['ereport.io.pci.fabric'],
    statistics: { scans: 'functions that were looked at, with or without errors' },
    receive: (fmd) => fmd.count('scans'),
  }
}
