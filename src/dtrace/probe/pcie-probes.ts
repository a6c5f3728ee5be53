// Provider pcie: how far the news of a PCI Express error gets, step by step.
//
//   pcie:::aer-latched -> pcie:::aer-message -> pcie:::root-latched -> pcie:::interrupt
//                                                    \-> pcie:::source-lost
//   pcie:::poll   what somebody finds who comes later
//
// Holds: ids are fixed for ever; all probes have the same arguments.
import {
  PCIE_INTERRUPT,
  PCIE_LATCHED,
  PCIE_MESSAGE,
  PCIE_POLLED,
  PCIE_ROOT_LATCHED,
  PCIE_SOURCE_LOST,
} from '../../machine/observation.js'
import { hardwareProbes } from './hardware-probe.js'

/** The arguments, in the order of the words of HW_PCIE after the first. */
const ARGS = [
  {
    name: 'requester',
    type: 'uint32_t',
    isHex: true,
    doc: 'the function: bus << 8 | device << 3 | function; of a root-* probe the root port',
  },
  {
    name: 'status',
    type: 'uint32_t',
    isHex: true,
    doc: 'the bit of the error; of a root port its root error status; of a poll the register found',
  },
  { name: 'source', type: 'uint32_t', isHex: true, doc: 'requester id of who found the error' },
  { name: 'uncorrectable', type: 'uint32_t', doc: '1 for an error of UESta, 0 for one of CESta' },
  { name: 'severity', type: 'uint32_t', doc: '0 correctable, 1 non-fatal, 2 fatal' },
  {
    name: 'register',
    type: 'uint32_t',
    isHex: true,
    doc: 'what status is of: 0x04 UESta, 0x10 CESta, 0x30 RootSta',
  },
  {
    name: 'header0',
    type: 'uint32_t',
    isHex: true,
    doc: 'first word of the TLP; unknown where none is logged',
  },
  { name: 'header1', type: 'uint32_t', isHex: true, doc: 'second word of the TLP' },
  { name: 'header2', type: 'uint32_t', isHex: true, doc: 'third word of the TLP' },
  { name: 'header3', type: 'uint32_t', isHex: true, doc: 'fourth word of the TLP' },
] as const

/** Every probe of provider pcie, ascending by id. */
export const PCIE_PROBES = hardwareProbes('pcie', ARGS, [
  [13001, 'aer-latched', PCIE_LATCHED, 'a function found an error and latched it'],
  [13002, 'aer-message', PCIE_MESSAGE, 'it sent ERR_COR, ERR_NONFATAL or ERR_FATAL upwards'],
  [13003, 'root-latched', PCIE_ROOT_LATCHED, 'a root port received the message'],
  [13004, 'source-lost', PCIE_SOURCE_LOST, 'one was there already: who sent this one is lost'],
  [13005, 'interrupt', PCIE_INTERRUPT, 'the root port sent an interrupt to dom0'],
  [13006, 'poll', PCIE_POLLED, 'somebody read a status register and found it was not clean'],
])
