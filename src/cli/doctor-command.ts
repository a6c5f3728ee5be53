// The command `doctor`: what this computer offers xpv, and what to do about the rest.
//
//   ok  type server     TypeScript 7.0.2
//   --  machine checks  no /dev/mcelog: kernels since 4.12 have rasdaemon instead
//
// Holds: nothing is changed. Status 0 when xpv can be used, whatever else is absent.
import { XpvError } from '../base/error.js'
import { wrapped } from '../chart/table.js'
import type { Command, CommandIo } from '../session/command.js'
import type { CommandPlace } from './config-command.js'
import { DONE, FAILED } from './exit-status.js'
import type { Finding } from './finding.js'

/** Makes the command. */
export function doctorCommand({ directory, json }: CommandPlace): Command {
  return {
    name: 'doctor',
    summary: 'what this computer offers xpv, and what to do about the rest',
    usage: '',
    examples: ['doctor'],
    run: async (argv, io) => {
      if (argv.length > 0) throw new XpvError('doctor.usage', 'doctor takes no words', 'doctor')
      const { examine } = await import('./examination.js')
      const findings = examine(directory())
      io.write(json ? `${JSON.stringify({ findings })}\n` : report(findings, io))
      return findings.some(({ state }) => state === 'bad') ? FAILED : DONE
    },
  }
}

const MARKS: Readonly<Record<Finding['state'], string>> = { good: 'ok', absent: '--', bad: '!!' }

/** Findings by what they are about, a line each where it fits. */
function report(findings: readonly Finding[], { columns }: CommandIo): string {
  const width = Math.max(...findings.map(({ what }) => what.length))
  const lines = findings.flatMap(({ about, what, state, text, todo }, i) => {
    const title = findings[i - 1]?.about === about ? [] : [TITLES[about]]
    const head = `  ${MARKS[state]}  ${what.padEnd(width)}  `
    const told = todo === undefined ? text : `${text}: ${todo}`
    const room = Math.max(20, columns - 1 - head.length)
    const [first = '', ...more] = wrapped(told, room)
    return [...title, `${head}${first}`, ...more.map((line) => `${''.padEnd(head.length)}${line}`)]
  })
  const bad = findings.filter(({ state }) => state === 'bad').map(({ what }) => what)
  const end = bad.length === 0 ? 'xpv can be used.' : `xpv cannot be used: ${bad.join(', ')}.`
  return `${lines.join('\n')}\n${end}\n`
}

const TITLES: Readonly<Record<Finding['about'], string>> = {
  xpv: 'xpv itself',
  machines: 'machines it opens',
  live: 'what this computer tells of itself',
  terminal: 'this terminal',
  folders: 'what is kept',
  programs: 'other programs',
}
