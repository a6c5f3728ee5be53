// Colours of a page, by day and by night. A test holds their contrasts to WCAG 2.1 AA.
//
// Charts are drawn in colours of their own (src/chart); by night each is replaced by a lighter one
// of the same hue.

/** What a colour is for. */
export type Ink =
  | 'paper'
  | 'shade'
  | 'line'
  | 'ink'
  | 'quiet'
  | 'link'
  | 'mark'
  | 'keyword'
  | 'string'
  | 'number'
  | 'comment'
  | 'name'
  | 'probe'

/** Colours on white paper. */
export const DAY: Readonly<Record<Ink, string>> = {
  paper: '#ffffff',
  shade: '#f6f5f2',
  line: '#dedad2',
  ink: '#22252a',
  quiet: '#666a70',
  link: '#1d5c96',
  mark: '#9a4a00',
  keyword: '#8a3768',
  string: '#2c6a3f',
  number: '#1d5c96',
  comment: '#6a6d72',
  name: '#3d4f80',
  probe: '#875200',
}

/** Colours on a dark screen. */
export const NIGHT: Readonly<Record<Ink, string>> = {
  paper: '#16181b',
  shade: '#1e2125',
  line: '#353a41',
  ink: '#dcdad5',
  quiet: '#9a9fa6',
  link: '#86b7e4',
  mark: '#e8a15c',
  keyword: '#d59bbd',
  string: '#97c9a3',
  number: '#86b7e4',
  comment: '#92979e',
  name: '#a8b8e0',
  probe: '#dcb26e',
}

/** Colours of charts, and what they are by night. */
export const DATA: Readonly<Record<string, string>> = {
  '#2f6fab': '#6aa7dd',
  '#e07b39': '#e8945c',
  '#3a923a': '#62b562',
  '#c03d8e': '#dd78b8',
  '#b8a01c': '#c9b44a',
  '#3aa6b9': '#5cbccd',
  '#c03d3e': '#e07576',
  '#8172b2': '#a497d0',
  '#9ecae1': '#2c5b78',
  '#4292c6': '#3f8fc4',
  '#d62f27': '#ef6a5f',
}
