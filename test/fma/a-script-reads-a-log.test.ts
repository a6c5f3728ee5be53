import { expect, it } from 'vitest'
import {
  decodeEna,
  ereportFromNvlist,
  messageFor,
  parseNvlistJson,
  printFmri,
  printMessage,
  suspectListFromNvlist,
} from '../../src/index.js'

const ERROR =
  '{"class":"ereport.cpu.generic-x86.l1dcache","ena":4886447105,"detector":{"version":0,' +
  '"scheme":"hc","hc-root":"","hc-list-sz":2,"hc-list":[{"hc-name":"motherboard","hc-id":"0"},' +
  '{"hc-name":"chip","hc-id":"1"}]},"IA32_MCi_STATUS":10376293541461623093,"__ttl":1,' +
  '"__tod":[1197288000,5]}'

const FAULT =
  '{"version":0,"class":"list.suspect","uuid":"1a2b","code":"GMCA-8000-LF","diag-time":' +
  '[1197288000,6],"de":{"version":0,"scheme":"fmd","mod-name":"eft","mod-version":"1.16"},' +
  '"fault-list-sz":1,"fault-list":[{"version":0,"class":"fault.cpu.generic-x86.l1dcache",' +
  '"certainty":100}],"fault-status":[1]}'

it('an ereport says what was seen, where and when', () => {
  const { detector, ena, timeNs, payload } = ereportFromNvlist(parseNvlistJson(ERROR))
  expect(printFmri(detector)).toBe('hc:///motherboard=0/chip=1')
  expect(decodeEna(ena)).toEqual({ format: 1, generation: 0, id: 81, timeNs: 0x1234n })
  expect(timeNs).toBe(1_197_288_000_000_000_005n)
  expect([...payload.keys()]).toEqual(['IA32_MCi_STATUS'])
})

it('a diagnosis says what it means', () => {
  const event = parseNvlistJson(FAULT)
  const { suspects, code } = suspectListFromNvlist(event)
  const message = messageFor(suspects.map(({ fault }) => fault.class))
  expect(message.code).toBe(code)
  expect(printMessage(message, event).split('\n').slice(0, 4)).toEqual([
    'SUNW-MSG-ID: GMCA-8000-LF, TYPE: Fault, VER: 1, SEVERITY: Major',
    'EVENT-TIME: Mon Dec 10 12:00:00 UTC 2007',
    'PLATFORM: -, CSN: -, HOSTNAME: -',
    'SOURCE: eft, REV: 1.16',
  ])
})
