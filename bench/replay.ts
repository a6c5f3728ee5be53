// Replay: D programs over a large xentrace file, whole processes, against `xenalyze --summary`.
//
// Budget: at least 1x in exact time order, memory flat. xenalyze also computes runstate statistics with
// percentiles, which these programs do not.
import { existsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Contestant, installed, printRatios, race } from './rounds.js'
import { generateXentrace } from './xentrace-generator.js'

const PROGRAMS: readonly (readonly [string, string])[] = [
  ['count by probe', 'xdt::: { @[probename] = count(); }'],
  ['hypercalls by domain', 'xdt:pv::hypercall { @[domid, arg1] = count(); }'],
  [
    'gap between hypercalls of a vcpu',
    'self uint64_t t; xdt:pv::hypercall /self->t/ { @[domid] = quantize(timestamp - self->t); } ' +
      'xdt:pv::hypercall { self->t = timestamp; }',
  ],
]

/** Runs the comparison on 256 MiB, then shows that memory does not grow with the file. */
export async function benchReplay(): Promise<void> {
  const path = await trace(256)
  printRatios(`replay, ${mib(path)} MiB xentrace, time order`, race(contestants(path), 5))
  const small = await trace(64)
  const timings = race(
    [small, path].map((file) => xpv(file, PROGRAMS[2] ?? ['', ''])),
    3,
  )
  process.stdout.write('\nmemory by file size\n')
  timings.forEach((t, i) => {
    process.stdout.write(
      `  ${mib(i === 0 ? small : path)} MiB: ${t.peakMib?.toFixed(0)} MiB peak\n`,
    )
  })
}

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
