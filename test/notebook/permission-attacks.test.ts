// Attacks: cells that try to get out of the fence by every way we know of, each refused, or left
// with nothing. A server listens meanwhile: nobody calls it.

import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { outputOf } from '../../src/notebook/document.js'
import { parseNotebook } from '../../src/notebook/format.js'
import { environment, type Ran, ROOT } from '../cli/xpv-process.js'

/** Refused with nb.denied; what is granted for it would be this word. */
const DENIED: Readonly<Record<string, readonly [source: string, word: string]>> = {
  passwd: ["fs.readFileSync('/etc/passwd', 'utf8')", 'read:/etc/passwd'],
  above: ["fs.readFileSync('../secret.txt')", 'read:ROOT/secret.txt'],
  link: ["fs.readFileSync('sub/etc/passwd')", 'read:ROOT/nb/sub/etc/passwd'],
  hidden: ["fs.readFileSync('.env')", 'read:ROOT/nb/.env'],
  promised: ["await fs.promises.readFile('/etc/passwd')", 'read:/etc/passwd'],
  memory: ["fs.openSync('/proc/self/mem', 'r')", 'read:/proc/self/mem'],
  environ: ["fs.readFileSync('/proc/self/environ')", 'read:/proc/self/environ'],
  own: ["fs.writeFileSync('package.json', '{}')", 'write:ROOT/nb/package.json'],
  hook: ["fs.writeFileSync('../.git/hook', '')", 'write:ROOT/.git/hook'],
  made: ["fs.symlinkSync('/etc', 'new')", 'all|read:/etc'],
  report: ["process.report.writeReport('r.json')", 'write:ROOT/nb/r.json'],
  binding: ["process.binding('fs')", 'all'],
  builtin: ["process.getBuiltinModule('fs').readFileSync('/etc/passwd')", 'read:/etc/passwd'],
  required: ["createRequire('/x')('fs').readFileSync('/etc/passwd')", 'read:/etc/passwd'],
  json: ["await import('../secret.json')", 'read:ROOT/secret.json'],
  typed: ["(await import('./evil.ts')).steal()", 'read:/etc/passwd'],
  spawn: ["(await import('child_process')).spawnSync('id')", 'run'],
  exec: ["createRequire('/x')('node:child_process').execSync('id')", 'run'],
  fork: ["process.getBuiltinModule('child_process').fork('x.js')", 'run'],
  raw: ["new child.ChildProcess().spawn({ file: '/usr/bin/id', args: ['id'] })", 'run'],
  cluster: ["(await import('cluster')).default.fork()", 'run'],
  command: ["(await import('node:repl'), child).execFileSync('id')", 'run'],
  fetch: ["await fetch('http://127.0.0.1:PORT/')", 'net'],
  connect: ["net.connect(PORT, '127.0.0.1')", 'net'],
  socket: ["new net.Socket().connect({ path: '/var/run/docker.sock' })", 'net'],
  listen: ['net.createServer().listen(0)', 'net'],
  handle: ["net._createServerHandle('127.0.0.1', 0, 4)", 'net'],
  pipe: ["process.stderr._handle.connect({}, '/var/run/docker.sock')", 'net'],
  pipe2: ["new process.stderr._handle.constructor(0).connect({}, '/x')", 'net'],
  http: ["(await import('http')).get('http://127.0.0.1:PORT/')", 'net'],
  http2: ["(await import('http2')).connect('http://127.0.0.1:PORT/')", 'net'],
  tls: ["(await import('tls')).connect(PORT)", 'net'],
  udp: ["udp.createSocket('udp4').send('x', PORT, '127.0.0.1')", 'net'],
  udp2: ["inner(udp.createSocket('udp4')).bind('127.0.0.1', 0)", 'net'],
  lookup: ["await (await import('dns/promises')).lookup('localhost')", 'net'],
  resolver: ["await new (await import('dns')).promises.Resolver().resolve4('x.org')", 'net'],
  query: ["new (await import('dns')).Resolver()._handle.queryA({}, 'x.org')", 'net'],
  worker: ["new (await import('worker_threads')).Worker('1', { eval: true })", 'all'],
  addon: ["process.dlopen({ exports: {} }, '/tmp/x.node')", 'all'],
  inspector: ["(await import('node:inspector')).open(0)", 'all'],
  debugger: ["new (await import('node:inspector')).Session().connect()", 'all'],
  wasi: ["new (await import('wasi')).WASI({ version: 'preview1', preopens: {} })", 'all'],
  hooks: ["module.register('data:text/javascript,1')", 'all'],
  kill: ["process.kill(process.ppid, 'SIGKILL')", 'all'],
  kill2: ['process._kill(process.ppid, 9)', 'all'],
  debug: ['process._debugProcess(process.ppid)', 'all'],
  nice: ["(await import('os')).setPriority(process.ppid, 19)", 'all'],
  flags: ["(await import('v8')).setFlagsFromString('--allow-natives-syntax')", 'all'],
  traced: ["(await import('trace_events')).createTracing({ categories: ['node'] })", 'all'],
  live: ["open('live')", 'live'],
  ssh: ["open('ssh://host')", 'live'],
  opened: ["open('/etc/passwd')", 'read:/etc/passwd'],
  asked: [
    "process.emit('message', { method: 'begin', args: [{ isLive: true }] }), open('live')",
    'live',
  ],
}

/** Not refused, and nothing to be had by it. */
const HARMLESS: Readonly<Record<string, readonly [source: string, says: RegExp]>> = {
  inside: ["fs.readFileSync('inside.txt', 'utf8')", /^inside\n/],
  linked: ["fs.readFileSync('sub/inside.txt', 'utf8')", /^inside\n/],
  module: ["(await import('./evil.ts')).n", /^2\n$/],
  listed: ["fs.readdirSync('sub2').join()", /^'a'\n$/],
  token: ['process.env.SECRET_TOKEN', /^$|^undefined\n$/],
  answer: ['process.send', /^$|^undefined\n$/],
  told: ["process.emit('message', null)", /^TypeError: /],
  database: ["await import('node:sqlite')", /there is no module node:sqlite/],
}

let root = ''
let calls = 0
let server: Server
let ran: Ran
const output = (id: string): string => outputs.get(id) ?? ''
const outputs = new Map<string, string>()

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'xpv-attack-')))
  for (const folder of ['.git', 'nb', 'nb/sub', 'nb/sub2']) mkdirSync(join(root, folder))
  const files = {
    'secret.txt': 'top',
    'secret.json': '1',
    'nb/inside.txt': 'inside',
    'nb/.env': 'A=hidden-value',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), `${text}\n`)
  writeFileSync(join(root, 'nb/package.json'), '{}')
  writeFileSync(join(root, 'nb/sub2/a'), '')
  writeFileSync(join(root, 'nb/helper.ts'), 'export const add = (x: number): number => x + 1\n')
  writeFileSync(join(root, 'nb/evil.ts'), EVIL)
  symlinkSync('/etc', join(root, 'nb/sub/etc'))
  symlinkSync('../inside.txt', join(root, 'nb/sub/inside.txt'))
  server = createServer((socket) => {
    calls++
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const cells = Object.entries({ ...DENIED, ...HARMLESS }).map(
    ([id, [source]]) => `\`\`\`ts xpv #${id}\n${source.replaceAll('PORT', String(port))}\n\`\`\`\n`,
  )
  const path = join(root, 'nb/a.xpv.md')
  writeFileSync(path, `---\nxpv: 1\n---\n\n${[OPENING, ...cells].join('\n')}`)
  ran = await run(['run', path])
  const { document } = parseNotebook(readFileSync(path, 'utf8'))
  for (const id of [...Object.keys(DENIED), ...Object.keys(HARMLESS)]) {
    outputs.set(id, outputOf(document, id)?.body ?? '')
  }
})
afterAll(() => {
  server.close()
  rmSync(root, { recursive: true })
})

const EVIL = `import { readFileSync } from 'node:fs'
import { add } from './helper.js'
export const n: number = add(1)
export const steal = (): string => readFileSync('/etc/passwd', 'utf8')
`

const OPENING = `\`\`\`ts xpv #opening
import fs from 'node:fs'
import net from 'node:net'
import udp from 'node:dgram'
import child from 'node:child_process'
import module, { createRequire } from 'node:module'
const inner = (s) => Object.getOwnPropertySymbols(s).map((k) => s[k]).find((x) => x?.handle).handle
\`\`\`
`

/** Not `spawnSync`: the server of this process has to be able to answer. */
function run(words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin', 'xpv.mjs'), ...words], {
      cwd: '/',
      env: { ...environment(), SECRET_TOKEN: 'not-to-be-told' },
      timeout: 60_000,
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (text) => (out += text))
    child.stderr.on('data', (text) => (err += text))
    child.on('close', (status) => resolve({ status, out, err }))
  })
}

it.each(Object.entries(DENIED))('%s is refused', (id, [, word]) => {
  const words = word.split('|').map((each) => each.replace('ROOT', root))
  expect(output(id)).toMatch(/^nb\.denied: .*: not allowed to this notebook\n {2}try: --allow /)
  expect(words).toContain(/--allow (.*)\n/.exec(output(id))?.[1])
})

it.each(Object.entries(HARMLESS))('%s says nothing it should not', (id, [, says]) => {
  expect(output(id)).toMatch(says)
})

it('the run names each cell, its line and what to grant; nothing was called or written', () => {
  expect(ran.status).toBe(1)
  expect(ran.err).toMatch(/a\.xpv\.md:\d+: cell #passwd failed\nnb\.denied: reading \/etc\/passwd/)
  expect(ran.err).not.toContain('not-to-be-told')
  expect(calls).toBe(0)
  for (const made of ['nb/new', 'nb/r.json', '.git/hook', 'nb/node_trace.1.log']) {
    expect(existsSync(join(root, made)), made).toBe(false)
  }
  expect(readFileSync(join(root, 'nb/package.json'), 'utf8')).toBe('{}')
})
