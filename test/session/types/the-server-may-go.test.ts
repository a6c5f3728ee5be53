// The language server may be slow, silent, broken or gone: nobody waits for it, it is started once
// more, and it never outlives us.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { typeServerPath } from '../../../src/session/types/server-path.js'
import { TypeService } from '../../../src/session/types/type-service.js'

let folder: string
let service: TypeService | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-types-'))
})
afterEach(() => {
  service?.close()
  rmSync(folder, { recursive: true })
})

const lost: string[] = []

function serve(server?: { readonly path: string; readonly args: readonly string[] }): TypeService {
  lost.length = 0
  service = new TypeService({
    folder,
    declarations: () => 'declare global { const five: 5 }\nexport {}',
    onLost: (reason) => lost.push(reason),
    ...(server === undefined ? {} : { server }),
  })
  return service
}

/** A server of ours, in so many words; `begun.log` gets a line each time one starts. */
function serverOf(code: string): { readonly path: string; readonly args: readonly string[] } {
  const log = JSON.stringify(join(folder, 'begun.log'))
  const started = `require('node:fs').appendFileSync(${log}, 'begun\\n')`
  return { path: process.execPath, args: ['-e', `${started}\n${code}`] }
}

const starts = (): number => readFileSync(join(folder, 'begun.log'), 'utf8').split('\n').length - 1

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((wake) => setTimeout(wake, 10))
  expect(holds()).toBe(true)
}

const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

it('a server that was killed is started once more, and knows all cells again', async () => {
  const types = serve()
  await types.start()
  await types.add('const word = "text"')
  const first = types.pid ?? 0
  process.kill(first, 'SIGKILL')
  await until(() => types.pid !== undefined && types.pid !== first)
  const found = await types.check('word.toFixed(five)', 10_000)
  expect(found?.map(({ message }) => message.slice(0, 27))).toEqual(["Property 'toFixed' does not"])
  process.kill(types.pid ?? 0, 'SIGKILL')
  await until(() => lost.length > 0)
  expect(lost).toEqual(['its server ended twice'])
  expect(await types.check('1', 10_000)).toBeUndefined()
})

it.each([
  ['ends at once', 'process.exit(1)'],
  ['is no such server', "process.stdout.write('hello\\r\\n\\r\\n'); setInterval(() => {}, 1000)"],
])('a server that %s is tried twice, then never again, which is said once', async (_, code) => {
  const types = serve(serverOf(code))
  for (let i = 0; i < 3; i++) expect(await types.complete('fi', 2, 5000)).toBeUndefined()
  await until(() => lost.length > 0)
  expect(lost).toEqual(['its server ended twice'])
  expect(starts()).toBe(2)
})

it('nobody waits for a server that says nothing', async () => {
  const types = serve(serverOf('setInterval(() => {}, 1000)'))
  const asked = performance.now()
  expect(await types.complete('fi', 2, 50)).toBeUndefined()
  expect(await types.check('five', 50)).toBeUndefined()
  expect(performance.now() - asked).toBeLessThan(5000)
  expect(lost).toEqual([])
})

it('without a server that is said, and every answer is unknown', async () => {
  const types = serve({ path: join(folder, 'nothing'), args: [] })
  expect(await types.check('five', 5000)).toBeUndefined()
  await until(() => lost.length > 0)
  expect(lost).toHaveLength(1)
})

it('the server ends with whoever started it, also when that is killed', async () => {
  const path = JSON.stringify(typeServerPath())
  const code = `const { spawn } = require('node:child_process')
    const server = spawn(${path}, ['--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
    process.stdout.write(server.pid + '\\n'); setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] })
  const said = await new Promise<string>((resolve) =>
    parent.stdout.on('data', (bytes) => resolve(String(bytes))),
  )
  const pid = Number(said)
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await until(() => !isAlive(pid))
})

it('a service that is closed leaves no process', async () => {
  const types = serve()
  await types.start()
  const pid = types.pid ?? 0
  expect(isAlive(pid)).toBe(true)
  types.close()
  await until(() => !isAlive(pid))
  expect(lost).toEqual([])
})
