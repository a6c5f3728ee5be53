// The index of a folder of pages: their titles, and what each begins with.
import { framed } from './frame.js'
import { escapeHtml } from './text.js'

/** One page of the folder. */
export interface Listed {
  /** Its path from the index. */
  readonly path: string
  readonly title: string
  readonly lead: string | undefined
}

const MOST_LEAD = 280

/** The index as a page. */
export function indexPage(title: string, pages: readonly Listed[]): string {
  const items = pages.map(({ path, title: name, lead }) => {
    const address = path.split('/').map(encodeURIComponent).join('/')
    const text = lead === undefined ? '' : `\n<p>${escapeHtml(shortened(lead))}</p>`
    return `<li><a href="${escapeHtml(address)}">${escapeHtml(name)}</a>${text}</li>`
  })
  const list = `<ol class="list">\n${items.join('\n')}\n</ol>`
  const body = `<main>\n<h1>${escapeHtml(title)}</h1>\n${list}\n</main>`
  return framed(title, body)
}

/** Whole sentences, or words, up to a length. */
function shortened(text: string): string {
  if (text.length <= MOST_LEAD) return text
  const cut = text.slice(0, MOST_LEAD)
  const end = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf('? '), cut.lastIndexOf('! '))
  return end > MOST_LEAD / 3 ? cut.slice(0, end + 1) : `${cut.slice(0, cut.lastIndexOf(' '))} …`
}
