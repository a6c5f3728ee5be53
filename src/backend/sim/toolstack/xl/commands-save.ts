// Commands that move guests: save, restore, migrate.
//
// Source: tools/xl/xl_saverestore.c, xl_migrate.c.
import { type Commands, onDomain } from './command.js'
import { createDomain } from './create.js'
import { destroyDomain } from './destroy.js'
import { helpText } from './help.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { migrate } from './migrate.js'
import { resumeGuest, toBeSaved, writeGuest } from './save.js'
import { headBytes, SAVE_FLAGS, savedGuest, savedText } from './saved-guest.js'

/** These commands. */
export const SAVE_COMMANDS: Commands = {
  save: {
    options: { letters: 'cpDh' },
    least: 2,
    *run(xl, { flags, words }) {
      if (words.length > 3) {
        xl.output.print(helpText('save'))
        return 1
      }
      const domid = yield* xl.domainOf(words[0] ?? '')
      if (domid === undefined) return 1
      return yield* save(xl, domid, { path: words[1] ?? '', flags })
    },
  },
  restore: {
    options: { letters: 'FcpdeVAh' },
    least: 1,
    *run(xl, { flags, words }) {
      if (words.length > 2) {
        xl.output.print(helpText('restore'))
        return 1
      }
      const isMonitored = !flags.has('e') && !flags.has('F')
      const how = { isPaused: flags.has('p'), isMonitored }
      return (yield* restore(xl, words.at(-1) ?? '', how)) < 0 ? 1 : 0
    },
  },
  migrate: {
    options: { letters: 'FC:s:epDh', long: { debug: 'd', live: 'l' } },
    least: 2,
    run: onDomain(function* (xl, domid, { flags, words }) {
      return yield* migrate(xl, domid, { host: words[1] ?? '', isPaused: flags.has('p') })
    }),
  },
}

function* save(
  xl: Libxl,
  domid: number,
  to: { readonly path: string; readonly flags: ReadonlyMap<string, string> },
): Steps<number> {
  const guest = yield* toBeSaved(xl, domid)
  if (guest === undefined) return 1
  const { scheduler } = xl.world.era
  const head = `${SAVE_FLAGS}/${headBytes(guest.spec, scheduler)}`
  xl.output.error(`Saving to ${to.path} new xl format (info ${head})\n`)
  const rc = yield* writeGuest(xl, domid)
  if (rc < 0) {
    xl.output.error('Failed to save domain, resuming domain\n')
    yield* resumeGuest(xl, domid)
    return 1
  }
  yield { kind: 'file', path: to.path, content: savedText(guest, scheduler) }
  if (!to.flags.has('c') && !to.flags.has('p')) yield* destroyDomain(xl, domid)
  else {
    if (to.flags.has('p')) yield* xl.xc.domctl('pausedomain', domid)
    yield* resumeGuest(xl, domid)
  }
  return 0
}

/** Makes a domain of a save file: its id, or an error of libxl's. */
function* restore(
  xl: Libxl,
  path: string,
  how: { readonly isPaused: boolean; readonly isMonitored: boolean },
): Steps<number> {
  const text = xl.world.file(path)
  if (text === undefined) {
    xl.output.error("Can't open restore file: No such file or directory\n")
    return -6
  }
  const saved = savedGuest(text)
  if (saved === undefined) {
    xl.output.error('File has wrong magic number - corrupt or for a different tool?\n')
    return -6
  }
  const head = `${SAVE_FLAGS}/${headBytes(saved.spec, xl.world.era.scheduler)}`
  xl.output.error(`Loading new save file ${path} (new xl fmt info ${head})\n`)
  xl.output.error(' Savefile contains xl domain config in JSON format\n')
  xl.output.error('Parsing config from <saved>\n')
  return yield* createDomain(xl, saved.spec, { ...how, saved })
}
