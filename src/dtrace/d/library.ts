// D libraries: the order in which the files of a folder are compiled, each after those it depends
// on.
//
//   #pragma D depends_on library io.d     names a file of the same folder
//
// Source: libdtrace dt_cc.c, dt_dlibs.c (dt_lib_build_graph, dt_topo_sort).

/** One file of a library folder. */
export interface LibraryFile {
  /** The folder and the name, as messages show it. */
  readonly path: string
  readonly folder: string
  readonly text: string
}

/** The files in order, or DTrace's text for why there is none. */
export type LibraryOrder =
  | { readonly kind: 'ok'; readonly files: readonly LibraryFile[] }
  | { readonly kind: 'error'; readonly message: string }

const DEPENDS = /^[ \t]*#[ \t]*pragma[ \t]+D[ \t]+depends_on[ \t]+library[ \t]+(\S+)/gm

/** Orders the files of one folder. */
export function orderLibraries(files: readonly LibraryFile[]): LibraryOrder {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const ordered: LibraryFile[] = []
  const open = new Set<LibraryFile>()
  const visit = (file: LibraryFile): string | undefined => {
    if (ordered.includes(file)) return undefined
    open.add(file)
    for (const path of dependenciesOf(file)) {
      const needed = byPath.get(path)
      if (needed === undefined) return `Invalid library dependency in ${file.path}: ${path}`
      if (open.has(needed)) return `Cyclic dependency detected: ${file.path} => ${path}`
      const mistake = visit(needed)
      if (mistake !== undefined) return mistake
    }
    open.delete(file)
    ordered.push(file)
    return undefined
  }
  for (const file of files) {
    const message = visit(file)
    if (message !== undefined) return { kind: 'error', message }
  }
  return { kind: 'ok', files: ordered }
}

function dependenciesOf({ folder, text }: LibraryFile): readonly string[] {
  return [...text.matchAll(DEPENDS)].map(([, name]) => `${folder}/${name}`)
}
