// Xenstore: a tree, and who is told of changes.
import { expect, it } from 'vitest'
import { Xenstore } from '../../src/backend/sim/xenstore.js'

function storeWithEars(): { store: Xenstore; heard: string[] } {
  const heard: string[] = []
  const store = new Xenstore({
    fired: ({ node, token }, path) => heard.push(`${token} ${node}: ${path}`),
    written: () => {},
  })
  return { store, heard }
}

it('writing makes what is missing above; removing takes what is below', () => {
  const { store } = storeWithEars()
  store.write('/local/domain/3/device/vbd/51712/state', '1')
  store.write('/local/domain/3/name', 'web1')
  expect(store.list('/local/domain/3')).toEqual(['device', 'name'])
  expect(store.read('/local/domain/3/device')).toBe('')
  expect(store.remove('/local/domain/3/device')).toBe(true)
  expect(store.read('/local/domain/3/device/vbd/51712/state')).toBeUndefined()
  expect(store.list('/local/domain/3')).toEqual(['name'])
  expect(store.remove('/local/domain/4')).toBe(false)
  expect(store.list('/')).toEqual(['local'])
})

it('a watch fires once when it is made, then for what is below, not beside', () => {
  const { store, heard } = storeWithEars()
  store.watch('/local/domain/0/backend', 7)
  store.write('/local/domain/0/backend/vbd/3/51712/state', '1')
  store.write('/local/domain/0/backendless', 'x')
  store.write('/local/domain/3/name', 'web1')
  expect(heard).toEqual([
    '7 /local/domain/0/backend: /local/domain/0/backend',
    '7 /local/domain/0/backend: /local/domain/0/backend/vbd/3/51712/state',
  ])
  expect(store.unwatch('/local/domain/0/backend', 7)).toBe(true)
  store.write('/local/domain/0/backend/vif', '')
  expect(heard).toHaveLength(2)
})
