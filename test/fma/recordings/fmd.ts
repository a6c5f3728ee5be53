// `xpv fmd` over files of telemetry, as a person has them: what it prints, cut into diagnoses and
// what could not be known.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../../../src/cli/context.js'
import { fmd } from '../../../src/cli/fmd-command.js'

const TEST = join(import.meta.dirname, '..', '..')

/** What `xpv fmd` printed. */
export interface Printed {
  /** `PCIEX-8000-25 bus-noresp dev:... 50, device-noresp dev:... 50`, sorted. */
  readonly diagnoses: readonly string[]
  /** `dimm, 7 times: which DIMM ...`, without the names of files. */
  readonly unseen: string
}

/** Diagnoses files of one host, by their paths in test/; records without times are 19 s apart. */
export async function printed(...paths: readonly string[]): Promise<Printed> {
  return run(paths.map((path) => join(TEST, path)))
}

/** The same of texts that are in no file. */
export async function printedOf(...texts: readonly (string | Uint8Array)[]): Promise<Printed> {
  const folder = mkdtempSync(join(tmpdir(), 'xpv-fmd-'))
  try {
    const paths = texts.map((_, n) => join(folder, String(n)))
    for (const [n, path] of paths.entries()) writeFileSync(path, texts[n] ?? '')
    return await run(paths)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The same of files by their whole paths, going on in a folder of logs. */
export async function run(files: readonly string[], folder?: string): Promise<Printed> {
  let text = ''
  const out = {
    write: (more: string) => {
      text += more
    },
  }
  const context = { json: false, out } as unknown as Context
  await fmd({ every: '19s', rules: [], files, folder }, context)
  return cut(text)
}

function cut(text: string): Printed {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => line.startsWith('not seen: '))
  const said = first < 0 ? [] : lines.slice(first)
  const unseen = said.flatMap((line) => /^(?:not seen: .*?\): | {2})(.*)$/.exec(line)?.[1] ?? [])
  const diagnoses: string[] = []
  for (const line of lines) {
    const code = /^([A-Z]+-\d{4}-\w+) /.exec(line)?.[1]
    const [, leaf, certainty] = /^ {2}(?:fault|defect)\.(?:.*\.)?([\w-]+) (\d+)%/.exec(line) ?? []
    const place = /^ {4}(\S+)$/.exec(line)?.[1]
    if (code !== undefined) diagnoses.push(code)
    else if (leaf !== undefined) diagnoses[diagnoses.length - 1] += ` ${leaf} ${certainty}%`
    else if (place !== undefined) {
      diagnoses[diagnoses.length - 1] += ` ${place.replace('motherboard=0/', '')}`
    }
  }
  return { diagnoses: diagnoses.sort(), unseen: unseen.join('\n') }
}
