// What may follow what in a clause, and arguments of actions that only some values fit, in both
// dialects: tags and texts.
//
// Expected behaviour: facts of illumos libdtrace dt_cc.c (dt_stmt_append, dt_action_*) and of
// DTrace for Linux dt_cg.c (dt_cg_clsflags, dt_cg_act_*).
import { expect, it } from 'vitest'
import { compile } from '../../src/dtrace/d/compile.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'

const mistakes = (body: string, dialect: string): string[] => {
  const result = compile([{ part: 'script', text: `BEGIN { ${body} }` }], {
    catalog: standardCatalog(),
    options: new Map([['dialect', dialect]]),
  })
  return result.kind === 'ok' ? [] : result.diagnostics.map((d) => `${d.tag} ${d.message}`)
}

const DATA = 'may not follow data-recording action(s)'
const RULES: [body: string, illumos: string | undefined, linux?: string | undefined][] = [
  ['speculate(1); trace(1);', undefined],
  ['speculate(1); speculate(1);', 'D_SPEC_SPEC speculate( ) may not follow speculate( )'],
  ['trace(1); speculate(1);', `D_SPEC_DREC speculate( ) ${DATA}`],
  ['@ = count(); speculate(1);', `D_SPEC_DREC speculate( ) ${DATA}`],
  ['x = 1; speculate(1);', undefined],
  ['commit(1); speculate(1);', 'D_SPEC_COMM speculate( ) may not follow commit( )'],
  ['trace(1); commit(1);', `D_COMM_DREC commit( ) ${DATA}`],
  ['@ = count(); commit(1);', `D_COMM_DREC commit( ) ${DATA}`],
  ['commit(1); trace(1);', 'D_DREC_COMM data-recording actions may not follow commit( )'],
  ['commit(1); exit(0);', 'D_DREC_COMM data-recording actions may not follow commit( )'],
  ['commit(1); @ = count();', 'D_AGG_COMM aggregating actions may not follow commit( )'],
  ['speculate(1); @ = count();', 'D_AGG_SPEC aggregating actions may not follow speculate( )'],
  ['speculate(1); exit(0);', 'D_EXIT_SPEC exit( ) may not follow speculate( )'],
  ['speculate(1); panic();', 'D_ACT_SPEC destructive actions may not follow speculate( )'],
  ['speculate(1); system("ls");', 'D_ACT_SPEC destructive actions may not follow speculate( )'],
  [
    'speculate(1); copyout("a", 1, 1);',
    'D_ACT_SPEC destructive actions may not follow speculate( )',
  ],
  ['trace(1); discard(1); trace(2);', undefined],
  ['speculate(1); discard(1);', undefined],
  // Here the dialects part.
  ['commit(1); commit(2);', 'D_COMM_COMM commit( ) may not follow commit( )', undefined],
  ['speculate(1); trace(1); commit(1);', undefined, `D_COMM_DREC commit( ) ${DATA}`],
  ['commit(1); stop();', undefined, 'D_DREC_COMM data-recording actions may not follow commit( )'],
]

const ACTIONS: typeof RULES = [
  [
    'tracemem(1, 0);',
    'D_TRACEMEM_SIZE tracemem( ) argument #2 must be a non-zero positive integral constant expression',
  ],
  ['tracemem(1, x);', 'D_IDENT_UNDEF failed to resolve x: Unknown variable name'],
  [
    'tracemem("a", 4);',
    'D_TRACEMEM_ADDR tracemem( ) argument #1 is incompatible with prototype:\n\tprototype: pointer or integer\n\t argument: string',
  ],
  [
    'tracemem(1, 4, 2, 3);',
    'D_TRACEMEM_ARGS tracemem ( ) prototype mismatch: expected at most 3 args',
    'D_PROTO_LEN tracemem( ) prototype mismatch: 4 args passed, at most 3 expected',
  ],
  [
    'stack(0);',
    'D_STACK_SIZE stack( ) size must be a non-zero positive integral constant expression',
    'D_STACK_SIZE stack( ) argument #1 must be a non-zero positive integer constant',
  ],
  [
    'stack(1, 2);',
    'D_STACK_PROTO stack( ) prototype mismatch: too many arguments',
    'D_PROTO_LEN stack( ) prototype mismatch: 2 args passed, at most 1 expected',
  ],
  [
    'ustack(-1);',
    'D_USTACK_FRAMES ustack( ) argument #1 must be a non-zero positive integer constant',
  ],
  ['ustack(1, -1);', 'D_USTACK_STRSIZE ustack( ) argument #2 must be a positive integer constant'],
  ['freopen(".");', 'D_FREOPEN_INVALID freopen( ) argument #1 cannot be "."'],
  ['freopen("");', undefined],
  ['system("");', 'D_PRINTF_FMT_EMPTY system( ) format string is empty'],
  [
    'clear();',
    'D_CLEAR_PROTO clear( ) prototype mismatch: 0 args passed, 1 expected',
    'D_PROTO_LEN clear( ) prototype mismatch: 0 args passed, 1 expected',
  ],
  [
    '@ = count(); trunc(@, 1, 2);',
    'D_TRUNC_PROTO trunc( ) prototype mismatch: 3 args passed, no more than 2 expected',
    'D_PROTO_LEN trunc( ) prototype mismatch: 3 args passed, at most 2 expected',
  ],
  [
    '@ = count(); normalize(@);',
    'D_NORMALIZE_PROTO normalize( ) prototype mismatch: 1 args passed, 2 expected',
    'D_PROTO_LEN normalize( ) prototype mismatch: 1 arg passed, 2 expected',
  ],
  [
    '@ = count(); trace(@);',
    'D_TRACE_AGG trace( ) may not be applied to an aggregation',
    'D_TRACE_DYN trace( ) may not be applied to a dynamic expression',
  ],
  ['trace(trace(1));', 'D_TRACE_VOID trace( ) may not be applied to a void expression'],
  [
    'trace(sym(1));',
    'D_CG_EXPR tracing function sym( ) may not be called from a D expression (D program context required)',
  ],
]

it.each([...RULES, ...ACTIONS])('%s', (body, ...expected) => {
  const [illumos, linux] = expected.length > 1 ? expected : [expected[0], expected[0]]
  expect(mistakes(body, 'illumos')).toEqual(illumos === undefined ? [] : [illumos])
  expect(mistakes(body, 'linux')).toEqual(linux === undefined ? [] : [linux])
})

it('a branch of an if is a clause of its own', () => {
  expect(
    mistakes('trace(1); if (1) { speculate(1); } else { trace(2); } speculate(1);', 'illumos'),
  ).toEqual([])
})
