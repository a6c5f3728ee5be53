// Keys while history is searched: letters make the query, C-r and C-s go on, Enter runs the find,
// Escape and the arrows keep it to be edited, C-g puts back what was written.
import { changed, type EditorContext, type EditorState, type Step } from './editor-state.js'
import { previousBoundary } from './grapheme.js'
import { type HistorySearch, searchedFor, searchedOn, shownBy } from './history-search.js'
import type { Key } from './key.js'

/** A key while history is searched; undefined when the search ended and the key goes on to what it
 *  does elsewhere, with the state to begin there. */
export function searchStep(
  state: EditorState,
  search: HistorySearch,
  key: Key,
  { history }: EditorContext,
): Step & { readonly isOver?: boolean } {
  const go = (next: HistorySearch): Step => ({
    state: { ...state, search: next, buffer: shownBy(next, history) },
    ...(next.isLost ? { wish: 'bell' } : {}),
  })
  const { query } = search
  if (key.kind !== 'chord') {
    const [line = ''] = key.text.split('\n')
    return go(searchedFor(search, query + line, history))
  }
  switch (key.name) {
    case 'C-r':
    case 'Up':
      return go(searchedOn(search, 'older', history))
    case 'C-s':
    case 'Down':
      return go(searchedOn(search, 'newer', history))
    case 'Backspace':
    case 'C-h':
      return go(searchedFor(search, query.slice(0, previousBoundary(query, query.length)), history))
    case 'C-g':
    case 'C-c':
      return { state: { ...state, search: undefined, buffer: search.draft } }
    case 'Escape':
      return { state: taken(state, search) }
    default:
      return { state: taken(state, search), isOver: true }
  }
}

/** The find becomes what is written; undo brings back what was. */
function taken(state: EditorState, search: HistorySearch): EditorState {
  const before = { ...state, search: undefined, buffer: search.draft }
  return changed(before, state.buffer)
}
