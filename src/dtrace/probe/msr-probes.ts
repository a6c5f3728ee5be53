// Provider msr: what becomes of reads and writes of machine registers.
//
//   msr:::read          the register of the pcpu it was executed on
//   msr:::gp-fault      a general protection fault: the hypervisor, or the processor, refuses
//   msr:::virtualised   a value that the hypervisor made up, or keeps for the vcpu
//
// Holds: ids are fixed for ever; all probes have the same arguments. D's `cpu` is the pcpu that
// executed it, which of two reads in a row need not be the same.
import {
  MSR_DENIED,
  MSR_GP_FAULT,
  MSR_READ,
  MSR_VIRTUALISED,
  MSR_WRITE_DROPPED,
  MSR_WRITTEN,
} from '../../machine/observation.js'
import { hardwareProbes } from './hardware-probe.js'

/** The arguments. */
const ARGS = [
  { name: 'msr', type: 'uint32_t', isHex: true, doc: 'number of the register' },
  {
    name: 'value',
    type: 'uint64_t',
    isHex: true,
    doc: 'read or to be written; unknown where none was read',
  },
  { name: 'via', type: 'uint32_t', doc: '0 an instruction in a vcpu, 1 a hypercall, 2 metal' },
  { name: 'asked', type: 'uint32_t', doc: 'the pcpu that was asked for; unknown where none was' },
  { name: 'write', type: 'uint32_t', doc: '1 for a write, 0 for a read' },
] as const

/** Every probe of provider msr, ascending by id. */
export const MSR_PROBES = hardwareProbes('msr', ARGS, [
  [14001, 'read', MSR_READ, 'a register of the hardware was read'],
  [14002, 'write', MSR_WRITTEN, 'a register of the hardware was written'],
  [14003, 'gp-fault', MSR_GP_FAULT, 'the instruction ended in a general protection fault'],
  [14004, 'virtualised', MSR_VIRTUALISED, 'the hypervisor answered; the hardware was not asked'],
  [14005, 'write-dropped', MSR_WRITE_DROPPED, 'a write that nobody refused and nobody did'],
  [14006, 'denied', MSR_DENIED, 'a hypercall asked for a register that it does not read'],
])
