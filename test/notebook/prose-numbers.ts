// Numbers in the prose of a lesson, and whether a cell beside them shows each.
//
//   "46 ms" beside 45830000 ns   shown: rounded, in another unit
//   "613 times" beside 612       not shown
//
// A section goes from one H2 to the next; its evidence is what its cells say and print, and that of
// cells a sentence names (`#id`). Facts from outside carry a link in their sentence; years, headings
// and numbers of lists say nothing that a cell could show.
import { cellsOf, type NotebookDocument, outputOf } from '../../src/notebook/document.js'

/** A number that no cell shows. */
export interface Unshown {
  readonly number: string
  readonly sentence: string
}

/** The numbers of a document's prose that its cells do not show. */
export function unshownNumbers(document: NotebookDocument): readonly Unshown[] {
  return sectionsOf(document).flatMap(({ sentences, evidence }) =>
    sentences.flatMap((sentence) => {
      if (/\]\([^)]+\)/.test(sentence)) return []
      const named = [...sentence.matchAll(/`#([\w-]+)`/g)].map(([, id = '']) => id)
      const known = [...evidence, ...named.flatMap((id) => evidenceOf(document, id))]
      const numbers = numbersIn(sentence).filter((number) => !isShown(number, known))
      return numbers.map(({ text }) => ({ number: text, sentence }))
    }),
  )
}

interface Section {
  readonly sentences: readonly string[]
  readonly evidence: readonly number[]
}

function sectionsOf(document: NotebookDocument): readonly Section[] {
  const sections: { sentences: string[]; evidence: number[] }[] = [{ sentences: [], evidence: [] }]
  for (const part of document.parts) {
    if (part.kind === 'cell') sections.at(-1)?.evidence.push(...evidenceOf(document, part.id))
    if (part.kind !== 'prose') continue
    for (const [i, text] of part.text.split(/^(?=## )/m).entries()) {
      if (i > 0 || text.startsWith('## ')) sections.push({ sentences: [], evidence: [] })
      sections.at(-1)?.sentences.push(...sentencesOf(text))
    }
  }
  return sections
}

/** What the text says, sentence by sentence, without headings, fences and numbers of lists. */
function sentencesOf(text: string): readonly string[] {
  const plain = text
    .replace(/^(`{3,}|~{3,})[\s\S]*?^\1.*$/gm, '')
    .replace(/^#{1,6} .*$/gm, '\n')
    .replace(/^\s*(?:[-*]|\d+\.)\s+/gm, '\n\n')
  const paragraphs = plain.split(/\n\s*\n/).map((each) => each.replace(/\s+/g, ' ').trim())
  return paragraphs.flatMap((each) => each.split(/(?<=[.!?])\s+(?=[A-Z`*_"(])/)).filter(Boolean)
}

function evidenceOf(document: NotebookDocument, id: string): readonly number[] {
  const cell = cellsOf(document).find((each) => each.id === id)
  const text = `${cell?.source ?? ''}\n${outputOf(document, id)?.body ?? ''}`
  return [...text.matchAll(/0x[\da-f]+|\d+(?:\.\d+)?/gi)].flatMap(([word]) => [
    Number(word),
    ...word.split('.').map(Number),
  ])
}

interface Told {
  readonly text: string
  readonly value: number
  /** Half of what its last digit is worth. */
  readonly slack: number
  readonly unit: string
}

const NUMBER =
  /(?<![\w.#/:-])(0x[\da-f]+|\d{1,3}(?:[, ]\d{3})+|\d+(?:\.\d+)?)(?:\s?(ns|µs|us|ms|s|%|[KMG]i?B|[GM]Hz)(?!\w))?(?!\w)/gi

function numbersIn(sentence: string): readonly Told[] {
  return [...sentence.matchAll(NUMBER)].flatMap(([, text = '', unit = '']) => {
    const plain = text.replace(/[, ]/g, '')
    const value = Number(plain)
    const isYear = /^(19|20)\d\d$/.test(text) && unit === ''
    const digits = plain.split('.')[1]?.length ?? 0
    return isYear ? [] : [{ text, value, slack: 0.5 * 10 ** -digits, unit }]
  })
}

/** Told as it is shown or, where it has a unit, rounded and in a larger one. */
function isShown({ value, slack, unit }: Told, evidence: readonly number[]): boolean {
  const scales = SCALES[unit.toLowerCase()] ?? [1]
  const isNear = (seen: number): boolean => Math.abs(seen - value) <= slack * (1 + 1e-9)
  return evidence.some((seen) =>
    unit === '' ? seen === value : scales.some((scale) => isNear(seen / scale)),
  )
}

const TIME = [1, 1e3, 1e6, 1e9]
const BYTES = [1, 1024, 1024 ** 2, 1024 ** 3, 1e3, 1e6]
const SCALES: Readonly<Record<string, readonly number[]>> = {
  ...{ ns: [1], µs: TIME, us: TIME, ms: TIME, s: TIME },
  ...{ '%': [1, 0.01], kib: BYTES, mib: BYTES, gib: BYTES, kb: BYTES, mb: BYTES, gb: BYTES },
  ...{ ghz: TIME, mhz: TIME },
}
