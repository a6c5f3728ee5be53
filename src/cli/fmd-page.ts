// The page on `fmd` at the prompt: files of telemetry are diagnosed by a subcommand, `xpv fmd`,
// which keeps folders of logs; at the prompt it is a function.
//
//   help fmd        fmd mcelog.bin  ->  await fma.diagnose('mcelog.bin')
import { XpvError } from '../base/error.js'
import type { Command } from '../session/command.js'

/** A command that says what is typed instead. */
export function fmdPage(): Command {
  return {
    name: 'fmd',
    summary: 'files of telemetry, diagnosed: xpv fmd FILE... at a shell, fma.diagnose() here',
    usage: '(at a shell: xpv fmd [-d FOLDER] [--every TIME] [--rules FILE] FILE...)',
    examples: [
      "await fma.diagnose('examples/recordings/fma-series/aer-series-dmesg.txt')",
      "await fma.diagnose('examples/recordings/fma-series/mcelog-series.bin', { every: '19s' })",
      'help fma',
    ],
    where: {
      FILE: 'what /dev/mcelog gave, a database of rasdaemon, dmesg, lspci -xxxx, fmdump -eV ...',
      '-d FOLDER': 'where logs are kept: fmadm -R FOLDER faulty and fmdump -R FOLDER read them',
      '--every TIME': "how far apart records were that carry no time: { every: '19s' } here",
      '--rules FILE': "rules instead of our own: { rules: 'site.esc' } here",
    },
    run: async (argv) => {
      const file = argv.find((word) => !word.startsWith('-')) ?? 'mcelog.bin'
      const message = 'fmd is a subcommand, for a shell: xpv fmd'
      throw new XpvError('cli.usage', message, `await fma.diagnose('${file}')`)
    },
  }
}
