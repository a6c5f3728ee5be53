// The key decoder: what a terminal sends becomes keys.
//
//   '\x1b[1;5D'  ->  C-Left        '\x1bf'  ->  M-f        '\x1b[200~a\rb\x1b[201~'  ->  paste
//
// Holds: no byte is lost: what may still become a longer sequence is kept until more comes, or
// until `flush` says that nothing will. Of what is pasted, control characters other than newline
// and tab are left out: pasting presses no key.
// Source: ECMA-48; ctlseqs of xterm (PC-style function keys, bracketed paste, modifyOtherKeys); the
// keyboard protocol of kitty (CSI u).
import { chord, type Key, textKey } from './key.js'

const PASTE_START = '\x1b[200~'
const PASTE_END = '\x1b[201~'

/** Decodes one terminal's input, chunk by chunk. */
export class KeyDecoder {
  #pending = ''
  #pasted: string | undefined

  /** Whether an Escape, or the start of a sequence, waits for what follows. */
  get isWaiting(): boolean {
    return this.#pending !== '' && this.#pasted === undefined
  }

  /** The keys of a chunk. */
  decode(chunk: string): Key[] {
    const keys: Key[] = []
    let rest = this.#pending + chunk
    this.#pending = ''
    while (rest !== '') {
      const taken = this.#pasted === undefined ? this.#takeKey(rest, keys) : this.#paste(rest, keys)
      if (taken === 0) {
        this.#pending = rest
        break
      }
      rest = rest.slice(taken)
    }
    return keys
  }

  /** No more is coming: an Escape was the key, the start of a sequence is forgotten. */
  flush(): Key[] {
    const isEscape = this.#pending.startsWith('\x1b')
    this.#pending = ''
    return isEscape ? [chord('Escape')] : []
  }

  /** Takes one key off the front; yields how much it was, 0 when more is needed. */
  #takeKey(text: string, keys: Key[]): number {
    if (text.startsWith(PASTE_START)) {
      this.#pasted = ''
      return PASTE_START.length
    }
    if (text.startsWith('\x1b')) return takeEscape(text, keys)
    const printable = /^[^\p{Cc}]+/u.exec(text)?.[0]
    if (printable !== undefined) {
      keys.push(textKey(printable))
      return printable.length
    }
    const name = controlName(text.charCodeAt(0))
    if (name !== undefined) keys.push(chord(name))
    return 1
  }

  #paste(text: string, keys: Key[]): number {
    const end = text.indexOf(PASTE_END)
    if (end < 0) {
      // The end mark may be cut in two: what may be its start stays.
      const kept = Math.max(0, text.length - PASTE_END.length + 1)
      const tail = text.indexOf('\x1b', kept)
      const taken = tail < 0 ? text.length : tail
      this.#pasted += text.slice(0, taken)
      return taken
    }
    keys.push({ kind: 'paste', text: harmless(`${this.#pasted}${text.slice(0, end)}`) })
    this.#pasted = undefined
    return end + PASTE_END.length
  }
}

/** Pasted text with Unix newlines and without control characters. */
function harmless(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '')
}

const FINAL: Readonly<Record<string, string>> = {
  A: 'Up',
  B: 'Down',
  C: 'Right',
  D: 'Left',
  E: 'Begin',
  F: 'End',
  H: 'Home',
  M: 'Enter',
  P: 'F1',
  Q: 'F2',
  R: 'F3',
  S: 'F4',
  Z: 'S-Tab',
}

const NUMBERED: Readonly<Record<number, string>> = {
  1: 'Home',
  2: 'Insert',
  3: 'Delete',
  4: 'End',
  5: 'PageUp',
  6: 'PageDown',
  7: 'Home',
  8: 'End',
  15: 'F5',
  17: 'F6',
  18: 'F7',
  19: 'F8',
  20: 'F9',
  21: 'F10',
  23: 'F11',
  24: 'F12',
}

/** rxvt's arrows with Control. */
const RXVT: Readonly<Record<string, string>> = { a: 'Up', b: 'Down', c: 'Right', d: 'Left' }

/** Takes an escape sequence; what no key sends is passed over. */
function takeEscape(text: string, keys: Key[]): number {
  const rest = text.slice(1)
  if (/^(?:\[[ -?]*|O|\[\[)?$/.test(rest)) return 0
  const linux = /^\[\[([A-E])/.exec(rest)
  if (linux !== null) {
    keys.push(chord(`F${'ABCDE'.indexOf(linux[1] ?? '') + 1}`))
    return 1 + linux[0].length
  }
  const sequence = /^\[([0-9;:<=>?]*)[ -/]*([@-~])/.exec(rest)
  if (sequence !== null) {
    const key = sequenceKey(sequence[1] ?? '', sequence[2] ?? '')
    if (key !== undefined) keys.push(key)
    return 1 + sequence[0].length
  }
  const single = /^O([A-Za-z])/.exec(rest)
  if (single === null) return takeMeta(text, keys)
  const letter = single[1] ?? ''
  const name = RXVT[letter] === undefined ? FINAL[letter] : `C-${RXVT[letter]}`
  if (name !== undefined) keys.push(chord(name))
  return 1 + single[0].length
}

/** Escape in front of a key is Meta; two of them are two. */
function takeMeta(text: string, keys: Key[]): number {
  const next = String.fromCodePoint(text.codePointAt(1) ?? 0)
  if (next === '\x1b' || next === '[') {
    keys.push(chord('Escape'))
    return 1
  }
  const name = controlName(next.charCodeAt(0)) ?? next
  keys.push(chord(name === 'C-h' ? 'M-Backspace' : `M-${name}`))
  return 1 + next.length
}

/** The key of a control sequence: its parameters and its last character. */
function sequenceKey(parameters: string, final: string): Key | undefined {
  const numbers = parameters.split(/[;:]/).map(Number)
  const [first = 0, second = 0, third = 0] = numbers
  if (final === '~' && first === 27) return codedKey(third, second)
  if (final === 'u') return codedKey(first, second)
  if (final === 'R' && numbers.length > 1 && first > 1) return undefined // a report of the cursor
  const name = final === '~' ? NUMBERED[first] : FINAL[final]
  if (name === undefined) return undefined
  return chord(`${modifiers(second)}${name}`)
}

/** A key told by its code point and its modifiers. */
function codedKey(code: number, modifier: number): Key | undefined {
  const bits = Math.max(0, modifier - 1)
  const plain = controlName(code)
  if (plain !== undefined) return chord(`${modifiers(modifier)}${plain}`)
  if (code === 0 || code > 0x10ffff) return undefined
  const letter = String.fromCodePoint(code)
  const isShifted = (bits & 1) !== 0
  const text = isShifted ? letter.toUpperCase() : letter
  if ((bits & 6) === 0) return textKey(text)
  return chord(`${modifiers(1 + (bits & ~1))}${text}`)
}

/** 2 is Shift, 3 Meta, 5 Control; one more than the sum of their bits. */
function modifiers(code: number): string {
  const bits = Math.max(0, code - 1)
  const names = [(bits & 4) !== 0 ? 'C-' : '', (bits & 2) !== 0 ? 'M-' : '']
  return `${names.join('')}${(bits & 1) !== 0 ? 'S-' : ''}`
}

/** The name of a control character; undefined for what is none. */
function controlName(code: number): string | undefined {
  if (code === 0x0d) return 'Enter'
  if (code === 0x09) return 'Tab'
  if (code === 0x1b) return 'Escape'
  if (code === 0x7f) return 'Backspace'
  if (code === 0) return 'C-Space'
  if (code >= 0x80 && code < 0xa0) return undefined
  return code < 0x20 ? `C-${String.fromCharCode(code + 0x40).toLowerCase()}` : undefined
}
