// Provider mca: how far the news of a machine check gets, step by step.
//
//   mca:::latched -> mca:::poll, cmci or exception -> mca:::cleared -> mca:::virq -> mca:::fetched
//       \-> mca:::overflow                \-> mca:::telemetry-dropped, mca:::page-offline
//
// Holds: ids are fixed for ever; all probes have the same arguments. D's `cpu` is the pcpu whose
// bank it is.
import {
  MCA_CLEARED,
  MCA_CMCI,
  MCA_EXCEPTION,
  MCA_FETCHED,
  MCA_LATCHED,
  MCA_OVERFLOWED,
  MCA_PAGE_OFFLINE,
  MCA_POLLED,
  MCA_TELEMETRY_DROPPED,
  MCA_VIRQ,
} from '../../machine/observation.js'
import { hardwareProbes } from './hardware-probe.js'

/** The arguments. */
const ARGS = [
  { name: 'bank', type: 'uint32_t', doc: 'the bank; unknown where it is about none' },
  { name: 'status', type: 'uint64_t', isHex: true, doc: 'its IA32_MCi_STATUS' },
  { name: 'addr', type: 'uint64_t', isHex: true, doc: 'its IA32_MCi_ADDR; unknown unless ADDRV' },
  { name: 'misc', type: 'uint64_t', isHex: true, doc: 'its IA32_MCi_MISC; unknown unless MISCV' },
] as const

/** Every probe of provider mca, ascending by id. */
export const MCA_PROBES = hardwareProbes('mca', ARGS, [
  [15001, 'latched', MCA_LATCHED, 'the hardware wrote an error into a bank, or counted it there'],
  [15002, 'overflow', MCA_OVERFLOWED, 'an error found another one there: one of them is lost'],
  [15003, 'poll', MCA_POLLED, 'software came by and looked; of a bank that held something, that'],
  [15004, 'cmci', MCA_CMCI, 'an interrupt for corrected errors: software looks'],
  [15005, 'exception', MCA_EXCEPTION, 'a machine-check exception on this pcpu'],
  [15006, 'virq', MCA_VIRQ, 'the hypervisor tells dom0 that there is something to fetch'],
  [15007, 'cleared', MCA_CLEARED, 'software empties a bank'],
  [15008, 'telemetry-dropped', MCA_TELEMETRY_DROPPED, 'the hypervisor has no room for a record'],
  [15009, 'fetched', MCA_FETCHED, 'dom0 fetched a record: a firing for each bank in it'],
  [15010, 'page-offline', MCA_PAGE_OFFLINE, 'the hypervisor takes the page of an error away'],
])
