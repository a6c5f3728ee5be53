// Examination: all that `xpv doctor` looks at.
//
//   Node, type server, settings, machines, sources, terminal, folders, programs  ->  findings
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { openRecording } from '../backend/replay/open.js'
import { XpvError } from '../base/error.js'
import { loadConfig } from '../config/config.js'
import { strangeVariables } from '../config/layer.js'
import { typeServerPath } from '../session/types/server-path.js'
import { connect } from './connect.js'
import { type Finding, good, lacking } from './finding.js'
import { liveFindings } from './live-findings.js'
import { packageRoot } from './package-root.js'
import {
  folderFindings,
  jupyterFinding,
  programFindings,
  terminalFindings,
} from './place-findings.js'
import { version } from './version.js'

/** Looks at everything; the working folder counts for its settings. */
export function examine(directory: string): readonly Finding[] {
  return [
    ...ownFindings(),
    settingFinding(directory),
    ...machineFindings(),
    ...liveFindings(),
    ...terminalFindings(process.env, process.stdout),
    ...folderFindings(process.env),
    ...programFindings(process.env),
    jupyterFinding(process.env),
  ]
}

/** Node versions that xpv is made for: as package.json says. */
const [OLDEST_MAJOR, OLDEST_MINOR] = [20, 19]

function ownFindings(): readonly Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isOld = major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR)
  const text = `${process.version} (${process.platform} ${process.arch})`
  const todo = `Node ${OLDEST_MAJOR}.${OLDEST_MINOR} or later`
  return [
    good('xpv', 'xpv', `${version()} in ${packageRoot()}`),
    isOld ? lacking('xpv', 'Node', text, { todo, isBad: true }) : good('xpv', 'Node', text),
    typeFinding(),
  ]
}

/** Whether the server that knows types is there, and starts. */
function typeFinding(): Finding {
  const path = typeServerPath()
  const todo = 'npm install; without it cells run unchecked'
  if (path === undefined) return lacking('xpv', 'type server', 'not installed', { todo })
  try {
    const told = execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 })
    return good('xpv', 'type server', told.trim().replace(/^Version /, 'TypeScript '))
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it fails'
    return lacking('xpv', 'type server', `${path} does not start (${why})`, { todo })
  }
}

function settingFinding(directory: string): Finding {
  try {
    loadConfig({ flags: {}, environment: process.env, folder: directory })
    const [strange] = strangeVariables(process.env)
    if (strange === undefined) return good('xpv', 'settings', 'make sense', 'xpv config --explain')
    return lacking('xpv', 'settings', strange, { todo: 'xpv help settings' })
  } catch (error) {
    if (!(error instanceof XpvError)) throw error
    return lacking('xpv', 'settings', error.message, { todo: error.hint ?? 'xpv config' })
  }
}

/** The machines of this version: one of each backend is opened. */
function machineFindings(): readonly Finding[] {
  const examples = join(packageRoot(), 'examples', 'recordings', 'load')
  return [
    opened('simulated', 'sim:ERA, xpv help machines', () => connect('sim').close()),
    opened('recorded', 'xentrace, ftrace, dtrace text; folders with recording.json', () =>
      openRecording(examples, {}).close(),
    ),
    lacking('machines', 'live', 'not in this version', {
      todo: 'record there, open the recording here; see live below',
    }),
  ]
}

function opened(what: string, text: string, open: () => void): Finding {
  try {
    open()
    return good('machines', what, text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return lacking('machines', what, why, { todo: 'git status, npm run build', isBad: true })
  }
}
