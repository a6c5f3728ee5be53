// Replay: D programs over a large xentrace file, whole processes, against `xenalyze --summary`.
//
// Budget: at least 1x in exact time order and in that of vcpus, at least 2x where any order will do,
// memory flat.
// xenalyze also computes runstate statistics with percentiles, which these programs do not.
import { existsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Contestant, installed, printRatios, race, type Timing } from './rounds.js'
import { generateXentrace } from './xentrace-generator.js'

const PROGRAMS = [
  ['any order: count by probe', 'xdt::: { @[probename] = count(); }'],
  ['any order: hypercalls by domain', 'xdt:pv::hypercall { @[domid, arg1] = count(); }'],
  [
    'order of vcpus: gap between hypercalls of a vcpu',
    'self uint64_t t; xdt:pv::hypercall /self->t/ { @[domid] = quantize(timestamp - self->t); } ' +
      'xdt:pv::hypercall { self->t = timestamp; }',
  ],
  [
    'time order: gap between hypercalls of any vcpus',
    'BEGIN { t = timestamp; } ' +
      'xdt:pv::hypercall { @[domid] = quantize(timestamp - t); t = timestamp; }',
  ],
] as const

/** Sizes in MiB; the first one is raced, the others show that memory does not grow. */
const SIZES = [256, 64, 2048] as const

/** Races the programs on 256 MiB, then runs them on smaller and larger files. */
export async function benchReplay(): Promise<void> {
  const path = await trace(SIZES[0])
  printRatios(`replay of a xentrace file, ${mib(path)} MiB`, race(contestants(path), 5))
  process.stdout.write('\nmemory by file size\n')
  for (const size of SIZES) {
    const file = await trace(size)
    const peaks = race(
      PROGRAMS.map((program) => xpv(file, program)),
      1,
    ).map(peakOf)
    process.stdout.write(`  ${mib(file)} MiB: ${peaks.join(', ')} MiB peak\n`)
  }
}

const peakOf = ({ peakMib }: Timing): string => peakMib?.toFixed(0) ?? '?'

function contestants(path: string): Contestant[] {
  const ours = PROGRAMS.map((program) => xpv(path, program))
  if (!installed('xenalyze')) {
    process.stdout.write('xenalyze is not installed (Debian: xen-utils-4.17): no peer\n')
    return ours
  }
  const args = ['--cpu-hz', '2.4G', '--summary', path]
  return [{ name: 'xenalyze --summary', command: 'xenalyze', args }, ...ours]
}

function xpv(path: string, [name, program]: readonly [string, string]): Contestant {
  return {
    name: `xpv: ${name}`,
    command: process.execPath,
    args: ['bin/xpv.mjs', 'dtrace', '--machine', path, '--hz', '2.4G', '-qn', program],
    output: /\d/,
  }
}

async function trace(sizeMib: number): Promise<string> {
  const path = join(tmpdir(), `xpv-bench-${sizeMib}.xt`)
  const sizeBytes = sizeMib * 1024 * 1024
  const ready = existsSync(path) && statSync(path).size >= sizeBytes * 0.99
  if (!ready) await generateXentrace(path, { sizeBytes, seed: 1 })
  return path
}

const mib = (path: string): number => Math.round(statSync(path).size / 1024 / 1024)
