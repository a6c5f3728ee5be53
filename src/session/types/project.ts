// The project of a session's cells: how strictly they are checked, and what they know of the world.
//
//   strict, but what is typed in passing need not be spelled out: no types for parameters
//
// Holds: it is a text over whatever tsconfig.json there is in the folder, for our server alone.

/** The text of the project's tsconfig.json; `modules` are names that lead to a file of types. */
export function projectText(modules: Readonly<Record<string, string>> = {}): string {
  const paths = Object.fromEntries(Object.entries(modules).map(([name, path]) => [name, [path]]))
  return JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023'],
      module: 'esnext',
      moduleResolution: 'bundler',
      moduleDetection: 'force',
      types: [],
      paths,
      strict: true,
      noImplicitAny: false,
      noImplicitThis: false,
      useUnknownInCatchVariables: false,
      allowJs: true,
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      skipLibCheck: true,
      disableSolutionSearching: true,
    },
    include: ['xpv-*.mts'],
  })
}
