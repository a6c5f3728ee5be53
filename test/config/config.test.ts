// Settings: the environment goes before .env, which goes before the default.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpv-config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const dotEnv = (text: string) => writeFileSync(join(folder, '.env'), text)

it('without any setting nothing is chosen', () => {
  expect(loadConfig({}, folder)).toEqual({
    machine: undefined,
    hz: undefined,
    color: 'auto',
    types: true,
  })
})

it('the environment goes before .env', () => {
  dotEnv('XPV_MACHINE=idle.xt\nXPV_HZ=2.4G\nXPV_COLOR=never\n')
  expect(loadConfig({ XPV_HZ: '2.6G', OTHER: 'x' }, folder)).toEqual({
    machine: 'idle.xt',
    hz: '2.6G',
    color: 'never',
    types: true,
  })
})

it('an empty setting of the environment takes back what .env says', () => {
  dotEnv('XPV_MACHINE=idle.xt\nXPV_COLOR=never')
  const config = loadConfig({ XPV_MACHINE: '', XPV_COLOR: '' }, folder)
  expect(config).toMatchObject({ machine: undefined, color: 'auto', types: true })
})

it('.env is read, not written into the environment', () => {
  dotEnv('XPV_MACHINE=idle.xt')
  const environment = {}
  loadConfig(environment, folder)
  expect(environment).toEqual({})
  expect(process.env['XPV_MACHINE']).toBeUndefined()
})

it.each(['always', 'never', 'auto'] as const)('colour may be %s', (color) => {
  expect(loadConfig({ XPV_COLOR: color }, folder).color).toBe(color)
})

it.each(['yes', 'ALWAYS', ' never'])('the colour "%s" is refused by its variable', (color) => {
  expect(() => loadConfig({ XPV_COLOR: color }, folder)).toThrow(
    expect.objectContaining({
      code: 'config.color',
      message: expect.stringContaining(`XPV_COLOR is ${color}`),
    }),
  )
})
