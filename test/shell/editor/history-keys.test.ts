// History at the keys: Up and Down by prefix, the search, what is suggested in grey; and the menu.
import { describe, expect, it } from 'vitest'
import type { Suggested } from '../../../src/session/assist.js'
import { suggestionFor } from '../../../src/shell/editor/history-walk.js'
import { offer } from '../../../src/shell/editor/menu.js'
import { bufferWith, typing } from './typing.js'

const HISTORY = ['xm.list()', "on('a')", 'const f = {\n  a: 1,\n}', "on('b')", "on('b')"]

describe('Up and Down', () => {
  it.each<readonly [string, string, readonly string[], string]>([
    ['the newest first', '|', ['Up'], "on('b')|"],
    ['one like it is passed over', '|', ['Up', 'Up'], 'const f = {|\n  a: 1,\n}'],
    ['a cell of several lines is one step', '|', ['Up', 'Up', 'Up'], "on('a')|"],
    ['its lines are walked downwards', '|', ['Up', 'Up', 'Down'], 'const f = {\n  a: 1,|\n}'],
    ['only what starts alike', 'xm|', ['Up'], 'xm.list()|'],
    ['what stands before the cursor counts', "on('|zzz", ['Up', 'Up'], "on('a')|"],
    ['back to what was written', 'dra|ft', ['Up', 'Down'], 'dra|ft'],
    ['back from history', '|', ['Up', 'Up', 'Down', 'Down', 'Down', 'Down'], '|'],
    ['not beyond the oldest', 'xm|', ['Up', 'Up', 'Up'], 'xm.list()|'],
    ['C-p and C-n do the same', '|', ['C-p', 'C-p', 'C-p', 'C-n'], 'const f = {\n  a: 1,\n}|'],
    ['an edited find is a new start', '|', ['Up', 'x', 'Up'], "on('b')x|"],
    ['undo brings back what was written', 'on|', ['Up', 'C-_'], 'on|'],
  ])('%s', (_, before, keys, after) =>
    expect(typing(before, { history: HISTORY }).press(...keys).shows).toBe(after),
  )
})

describe('C-r', () => {
  it.each<readonly [string, readonly string[], string]>([
    ['finds anywhere in a cell', ['C-r', 'list'], 'xm.|list()'],
    ['goes on to older ones', ['C-r', 'on(', 'C-r'], "|on('a')"],
    ['and back', ['C-r', 'on(', 'C-r', 'C-s'], "|on('b')"],
    ['in small letters finds capitals', ['C-r', 'A:'], 'draft|'],
    ['keeps the last find when there is none', ['C-r', 'li', 'zz'], 'xm.|list()'],
    ['a shorter query finds again', ['C-r', "('a", 'Backspace', 'Backspace'], "on|('b')"],
    ['C-g puts back what was written', ['C-r', 'list', 'C-g'], 'draft|'],
    ['Escape keeps the find', ['C-r', 'list', 'Escape', 'x'], 'xm.x|list()'],
    ['another key works on the find', ['C-r', 'list', 'C-e'], 'xm.list()|'],
    ['undo brings back what was written', ['C-r', 'list', 'Escape', 'C-_'], 'draft|'],
  ])('%s', (_, keys, after) =>
    expect(typing('draft|', { history: HISTORY }).press(...keys).shows).toBe(after),
  )

  it('Enter runs the find', () => {
    const found = typing('|', { history: HISTORY }).press('C-r', 'list', 'Enter')
    expect(found.state.buffer.text).toBe('xm.list()')
    expect(found.wishes).toEqual(['enter'])
  })
})

describe('what history suggests', () => {
  it('is the rest of the newest cell that starts alike', () => {
    expect(suggestionFor('on(', HISTORY)).toBe("'b')")
    expect(suggestionFor('xm.list()', HISTORY)).toBe('')
    expect(suggestionFor('', HISTORY)).toBe('')
  })

  it.each<readonly [string, string, readonly string[], string]>([
    ['Right takes it', 'xm|', ['Right'], 'xm.list()|'],
    ['C-e takes it', 'xm|', ['C-e'], 'xm.list()|'],
    ['M-f takes a word of it', 'x|', ['M-f', 'M-f'], 'xm.list|'],
    ['Right elsewhere moves', '|xm', ['Right'], 'x|m'],
  ])('%s', (_, before, keys, after) =>
    expect(typing(before, { history: HISTORY }).press(...keys).shows).toBe(after),
  )
})

describe('the menu', () => {
  const all = (texts: readonly string[], start: number): Suggested[] =>
    texts.map((text) => ({ text, start, kind: 'member' }))

  /** The editor after Tab was answered with these names. */
  const offered = (marked: string, texts: readonly string[], start: number) => {
    const editor = typing(marked)
    Object.assign(editor.state, offer(bufferWith(marked), all(texts, start)))
    return editor
  }

  it.each<readonly [string, readonly string[], string]>([
    ['what all have in common is typed', [], 'x.ms|'],
    ['Tab chooses', ['Tab'], 'x.msr|'],
    ['Tab goes round', ['Tab', 'Tab', 'Tab', 'Tab'], 'x.msr|'],
    ['S-Tab starts at the end', ['S-Tab'], 'x.msgs|'],
    ['arrows choose', ['Down', 'Down', 'Up'], 'x.msr|'],
    ['Enter takes the choice, and runs nothing', ['Tab', 'Enter', '!'], 'x.msr!|'],
    ['typing goes on behind the choice', ['Tab', '.'], 'x.msr.|'],
    ['Escape puts back what was typed', ['Tab', 'Escape'], 'x.ms|'],
    ['typing narrows, Tab takes the only one left', ['g', 'Tab', 'x'], 'x.msgsx|'],
    ['Backspace widens', ['g', 'Backspace', 'Tab'], 'x.msr|'],
    ['undo takes the choice back', ['Tab', 'Enter', 'C-_'], 'x.ms|'],
    ['other keys do what they do', ['Tab', 'C-a'], '|x.msr'],
  ])('%s', (_, keys, after) => {
    const editor = offered('x.m|', ['msr', 'msx', 'msgs'], 2).press(...keys)
    expect(editor.shows).toBe(after)
    expect(editor.wishes).toEqual([])
  })

  it('is not opened for one name, and Enter without a choice runs', () => {
    expect(offered('x.m|', ['msr'], 2).state.menu).toBe(undefined)
    const ran = offered('x.m|', ['msr', 'msx'], 2).press('Enter')
    expect({ wishes: ran.wishes, menu: ran.state.menu }).toEqual({
      wishes: ['enter'],
      menu: undefined,
    })
  })
})
