// Secrets are taken out by value, and nothing else is.
import { expect, it } from 'vitest'
import { redacted, redactor } from '../../src/session/secrets.js'

const environment = {
  GITHUB_TOKEN: 'ghp_0123456789',
  AWS_SECRET_ACCESS_KEY: 'abc/def+ghi=',
  SSH_AUTH_SOCK: '/tmp/ssh-agent.sock',
  HOME: '/home/somebody',
  PWD: '/home/somebody/work',
  SHORT_TOKEN: 'abc',
  DEBUG_TOKEN: 'false',
}
const dotEnv = {
  DATABASE: 'postgres://me:s3cret@db/x',
  PORT: '30000123',
  MODE: 'production',
  XPV_MACHINE: 'sim:xen-4.17',
  XPV_TOKEN: 'made-for-us',
  PEM: '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nlast',
  QUOTED: 'a"b\\c$(d)',
}
const redact = redactor(environment, dotEnv)

it.each([
  ['token ghp_0123456789!', 'token <GITHUB_TOKEN>!'],
  ['twice abc/def+ghi= abc/def+ghi=', 'twice <AWS_SECRET_ACCESS_KEY> <AWS_SECRET_ACCESS_KEY>'],
  ['?key=abc%2Fdef%2Bghi%3D', '?key=<AWS_SECRET_ACCESS_KEY>'],
  [Buffer.from('ghp_0123456789').toString('base64'), '<GITHUB_TOKEN>='],
  ['connect(postgres://me:s3cret@db/x)', 'connect(<DATABASE>)'],
  ['the line MIIEvQIBADANBgkqhkiG of it', 'the line <PEM> of it'],
  [`as a literal ${JSON.stringify(dotEnv.PEM)}`, 'as a literal "<PEM>"'],
  ['a"b\\c$(d)', '<QUOTED>'],
  ['made-for-us', '<XPV_TOKEN>'],
])('%s', (text, without) => expect(redact(text)).toBe(without))

it.each([
  '/tmp/ssh-agent.sock is no secret',
  '/home/somebody/work is no secret',
  'abc is too short, false is a word',
  'port 30000123 is a number, production is a word',
  'sim:xen-4.17 is a setting of ours',
])('%s', (text) => expect(redact(text)).toBe(text))

it('goes through what is made of strings, and leaves all else as it is', () => {
  const thrown = new Error('ghp_0123456789')
  const value = { a: ['ghp_0123456789', 1n], b: { c: undefined, thrown } }
  expect(redacted(value, redact)).toEqual({
    a: ['<GITHUB_TOKEN>', 1n],
    b: { c: undefined, thrown },
  })
})

it('without secrets a text is the very same', () => {
  expect(redactor({}, {})('ghp_0123456789')).toBe('ghp_0123456789')
})
