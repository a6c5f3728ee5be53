// Declarations and what may be done with values of the types they make. Expected values: the D
// language guide's "Pointers and Arrays", "Structs and Unions", "Type and Constant Definitions";
// DTrace's tags and texts (libdtrace dt_decl.c, dt_parser.c).
import { expect, it } from 'vitest'
import { compile } from '../../src/dtrace/d/compile.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { compileText, programOf } from './tree.js'

const DECLARED = `
  struct point { int x, y; };
  typedef struct point point_t;
  struct shape {
    point_t at; point_t *next; char name[8]; string title; int flags : 3; int a[3][2];
    union { int i; char c[4]; } u;
  };
  enum color { RED, GREEN = 5, BLUE };
  typedef int length_t;
  typedef int *where_t;
  struct shape s; struct shape *p; point_t pt; struct unknown *far;
  int arr[5]; int *ip; char *cp; string str; void *vp; where_t wp; length_t len; enum color col;
  int (*fp)(int, char *); int **ipp; int (*pa)[5]; int *ap[5]; long l; int i;
  self struct shape t; struct point by[string];
`

const typeOf = (text: string): string => {
  const source = `${DECLARED} BEGIN { trace(${text}); }`
  const statement = programOf(source, 'script').clauses[0]?.statements[0]
  return statement?.kind === 'trace' ? statement.value.type.name : ''
}

it.each([
  ['s', 'struct shape'],
  ['pt', 'point_t'],
  ['p', 'struct shape *'],
  ['*p', 'struct shape'],
  ['p->at', 'point_t'],
  ['p->at.x', 'int'],
  ['p->next->y', 'int'],
  ['(*p->next).y', 'int'],
  ['&p->at', 'point_t *'],
  ['s.name', 'char [8]'],
  ['s.name[1]', 'char'],
  ['&s.name[1]', 'char *'],
  ['s.a', 'int [3][2]'],
  ['s.a[1]', 'int [2]'],
  ['s.a[1][1]', 'int'],
  ['s.flags', 'int'],
  ['s.u.c[2]', 'char'],
  ['arr', 'int [5]'],
  ['ap', 'int *[5]'],
  ['pa', 'int (*)[5]'],
  ['*pa', 'int [5]'],
  ['ipp', 'int **'],
  ['fp', 'int (*)()'],
  ['wp', 'where_t'],
  ['*wp', 'int'],
  ['len', 'length_t'],
  ['len + 1', 'length_t'],
  ['ip + 1', 'int *'],
  ['1 + ip', 'int *'],
  ['arr + 1', 'int [5]'],
  ['ip - arr', 'ptrdiff_t'],
  ['str[0]', 'char'],
  ['str + 1', 'string'],
  ['col', 'enum color'],
  ['BLUE', 'enum color'],
  ['col + l', 'long'],
  ['col + col', 'int'],
  ['self->t.at.y', 'int'],
  ['by["a"].x', 'int'],
  ['i ? ip : arr', 'int *'],
  ['i ? cp : str', 'string'],
  ['i ? vp : ip', 'int *'],
  ['(i, p)', 'struct shape *'],
  ['s = *p', 'struct shape'],
  ['ip++', 'int *'],
  ['ip += 2', 'int *'],
  ['stringof(cp)', 'string'],
  ['stringof(s.name)', 'string'],
  ['(string)cp', 'string'],
  ['(point_t *)vp', 'point_t *'],
  ['(int (*)[2])vp', 'int (*)[2]'],
  ['(uintptr_t)p', 'uintptr_t'],
  ['(enum color)1', 'enum color'],
  ['str == cp', 'int'],
  ['cp == s.name', 'int'],
  ['ip == NULL', 'int'],
  ['i == NULL', 'int'],
  ['NULL + l', 'long'],
  ['i ? NULL : 2', 'int'],
  ['vp != 0', 'int'],
])('%s is of type %s', (text, type) => expect(typeOf(text)).toBe(type))

const EXPRESSIONS: readonly (readonly [text: string, tag: string, message: string])[] = [
  ['s.z', 'D_TYPE_MEMBER', 'z is not a member of struct shape'],
  ['pt.z', 'D_TYPE_MEMBER', 'z is not a member of struct point'],
  ['s->at', 'D_OP_PTR', 'operator -> must be applied to a pointer'],
  ['i->x', 'D_OP_PTR', 'operator -> must be applied to a pointer'],
  [
    'i.x',
    'D_OP_SOU',
    'operator . cannot be applied to type "int"; must be applied to a struct or union',
  ],
  [
    'ip->x',
    'D_OP_SOU',
    'operator -> cannot be applied to pointer to type "int"; must be applied to a struct or union pointer',
  ],
  [
    'far->x',
    'D_OP_INCOMPLETE',
    'operator -> cannot be applied to a forward declaration: no struct unknown definition is available',
  ],
  ['*i', 'D_DEREF_NONPTR', 'cannot dereference non-pointer type'],
  ['*vp', 'D_DEREF_VOID', 'cannot dereference pointer to void'],
  ['*fp', 'D_DEREF_FUNC', 'cannot dereference pointer to function'],
  ['i[1]', 'D_DEREF_NONPTR', 'cannot dereference non-pointer type'],
  ['arr[1, 2]', 'D_ARR_BADREF', 'cannot access scalar arr as an associative array'],
  ['&i', 'D_ADDROF_VAR', 'cannot take address of dynamic variable'],
  ['&s', 'D_ADDROF_VAR', 'cannot take address of dynamic variable'],
  ['&(1 + 2)', 'D_ADDROF_LVAL', 'unacceptable operand for unary & operator'],
  ['&s.name', 'D_ADDROF_LVAL', 'unacceptable operand for unary & operator'],
  ['&s.flags', 'D_ADDROF_BITFIELD', 'cannot take address of bit-field'],
  ['sizeof (s.flags)', 'D_SIZEOF_BITFIELD', 'cannot apply sizeof to a bit-field'],
  ['sizeof (void)', 'D_SIZEOF_TYPE', 'cannot apply sizeof to an operand of unknown size'],
  ['sizeof (*far)', 'D_SIZEOF_TYPE', 'cannot apply sizeof to an operand of unknown size'],
  ['offsetof(int, x)', 'D_OFFSETOF_TYPE', 'offsetof operand must be a struct or union type'],
  [
    'offsetof(struct shape, flags)',
    'D_OFFSETOF_BITFIELD',
    'cannot take offset of a bit-field: flags',
  ],
  ['stringof(s)', 'D_STRINGOF_TYPE', 'cannot apply stringof to a value of type struct shape'],
  ['(int)s', 'D_CAST_INVAL', 'invalid cast expression: "struct shape" to "int"'],
  ['(int)arr', 'D_CAST_INVAL', 'invalid cast expression: "int [5]" to "int"'],
  ['(struct shape)pt', 'D_CAST_INVAL', 'invalid cast expression: "point_t" to "struct shape"'],
  ['(char *)str', 'D_CAST_INVAL', 'invalid cast expression: "string" to "char *"'],
  ['ip == cp', 'D_OP_INCOMPAT', 'operands have incompatible types: "int *" == "char *"'],
  ['ip == 1', 'D_OP_INCOMPAT', 'operands have incompatible types: "int *" == "int"'],
  ['ip + cp', 'D_OP_INCOMPAT', 'operands have incompatible types: "int *" + "char *"'],
  ['1 - ip', 'D_OP_INCOMPAT', 'operands have incompatible types: "int" - "int *"'],
  ['vp + 1', 'D_OP_INCOMPAT', 'operands have incompatible types: "void *" + "int"'],
  ['ip * 2', 'D_OP_ARITH', 'operator * requires operands of arithmetic type'],
  ['ip & 2', 'D_OP_INT', 'operator & requires operands of integral type'],
  ['!s', 'D_OP_SCALAR', 'operator ! requires an operand of scalar type'],
  ['i ? s : pt', 'D_OP_INCOMPAT', 'operator ?: operands must have compatible types'],
  ['vp++', 'D_OP_VFPTR', 'operator ++ requires an operand of known size'],
  ['s++', 'D_OP_SCALAR', 'operator ++ requires operand of scalar type'],
  ['vp += 1', 'D_OP_VFPTR', 'operator += requires left-hand scalar operand of known size'],
  ['ip += cp', 'D_OP_INCOMPAT', 'operands have incompatible types: "int *" += "char *"'],
  ['arr = ip', 'D_OP_ARRFUN', 'operator = may not be applied to operand of type "int [5]"'],
  ['s = pt', 'D_OP_INCOMPAT', 'operands have incompatible types: "struct shape" = "point_t"'],
  ['ip = 1', 'D_OP_INCOMPAT', 'operands have incompatible types: "int *" = "int"'],
  ['i = ip', 'D_OP_INCOMPAT', 'operands have incompatible types: "int" = "int *"'],
  ['(i + 1) = 2', 'D_OP_LVAL', 'operator = requires modifiable lvalue as an operand'],
]

it.each(EXPRESSIONS)('%s is %s: %s', (text, tag, message) => {
  const result = compileText(`${DECLARED} BEGIN { ${text}; }`, 'script')
  const first = result.kind === 'errors' ? result.diagnostics[0] : undefined
  expect([first?.tag, first?.message]).toEqual([tag, message])
})

it.each<[string, string, string]>([
  ['struct s { int a; }; struct s { int b; };', 'D_DECL_TYPERED', 'type redeclared: struct s'],
  ['enum e { A }; enum e { B };', 'D_DECL_TYPERED', 'type redeclared: enum e'],
  ['struct s x;', 'D_DECL_INCOMPLETE', 'incomplete struct/union/enum struct s: x'],
  ['struct s { struct s x; };', 'D_DECL_INCOMPLETE', 'incomplete struct/union/enum struct s: x'],
  ['struct s { void v; };', 'D_DECL_VOIDOBJ', 'cannot have void member: v'],
  ['struct s { int a[int]; };', 'D_DECL_DYNOBJ', 'cannot have dynamic member: a'],
  ['void v;', 'D_DECL_VOIDOBJ', 'cannot have void object: v'],
  ['void v[3];', 'D_DECL_VOIDOBJ', 'cannot declare array of void'],
  ['int a[3][int];', 'D_DECL_DYNOBJ', 'cannot declare array of associative arrays'],
  [
    'int a[0];',
    'D_DECL_ARRSUB',
    'positive integral constant expression or tuple signature expected as array declaration subscript',
  ],
  ['int a[0x100000000];', 'D_DECL_ARRBIG', 'array dimension too big'],
  [
    'int a[];',
    'D_DECL_ARRNULL',
    'array declaration requires array dimension or tuple signature: a',
  ],
  [
    'int a[void];',
    'D_DECL_PROTO_TYPE',
    'array prototype may not use parameter of type void: (anonymous), parameter #1',
  ],
  [
    'int a[int, ...];',
    'D_DECL_PROTO_VARARGS',
    'array prototype may not use a variable-length argument list',
  ],
  ['int f(int, void);', 'D_DECL_PROTO_VOID', 'void must be sole parameter'],
  ['int f(void x);', 'D_DECL_PROTO_NAME', 'void parameter may not have a name: x'],
  [
    'int f(int x, int x);',
    'D_DECL_PROTO_FORM',
    'parameter is already declared in function prototype: x, parameter #2',
  ],
  [
    'struct s { int a : 0; };',
    'D_DECL_BFCONST',
    'positive integral constant expression expected as bit-field size',
  ],
  ['struct s { int *a : 3; };', 'D_DECL_BFTYPE', 'invalid type for bit-field: a'],
  ['struct s { char a : 9; };', 'D_DECL_BFSIZE', 'bit-field too big for type: a'],
  [
    'enum e { A = "x" };',
    'D_DECL_ENCONST',
    "enumerator 'A' must be assigned to an integral constant expression",
  ],
  [
    'enum e { A = 0x80000000 };',
    'D_DECL_ENOFLOW',
    "enumerator 'A' value overflows INT_MAX (2147483647)",
  ],
  ['int x; enum e { x };', 'D_DECL_IDRED', 'identifier redeclared: x'],
  ['typedef int t; typedef char t;', 'D_DECL_IDRED', 'typedef redeclared: t'],
  ['typedef int t; int t;', 'D_DECL_IDRED', 'typedef identifier redeclared: t'],
  ['int t; typedef int t;', 'D_DECL_IDRED', 'global variable identifier redeclared: t'],
  ['typedef self int t;', 'D_DECL_CLASS', 'only one storage class allowed in a declaration'],
  ['static int t;', 'D_DECL_BADCLASS', 'specified storage class not appropriate in D'],
  ['int;', 'D_DECL_USELESS', 'useless declaration'],
  ['int D`x;', 'D_DECL_SCOPE', 'D scoping operator may not be used in a declaration name (D`x)'],
  [
    'int x; long x;',
    'D_DECL_IDRED',
    'identifier redeclared: x\n\t current: scalar long\n\tprevious: scalar int',
  ],
  [
    'extern int x; extern long x;',
    'D_DECL_IDRED',
    'identifier redeclared: D`x\n\t current: long\n\tprevious: int',
  ],
  [
    'long struct s { int a; };',
    'D_DECL_LONGINT',
    'invalid type declaration: long and long long may only be used with integer or floating-point type',
  ],
  ['short long x;', 'D_UNKNOWN', 'failed to resolve type short long : Unknown type name'],
])('%s is %s: %s', (text, tag, message) => {
  const result = compileText(`${text} BEGIN { exit(0); }`, 'script')
  const first = result.kind === 'errors' ? result.diagnostics[0] : undefined
  expect([first?.tag, first?.message]).toEqual([tag, message])
})

it('a type declared in one source is known in the next', () => {
  const sources = ['typedef struct s { int x; } s_t; enum { ONE = 1 };', 'BEGIN { trace(ONE); }']
  const use = 'END { this->p = (s_t *)arg0; trace(this->p->x); }'
  const texts = [...sources, use].map((text) => ({ part: 'script', text, file: 'x.d' }) as const)
  const options = { catalog: standardCatalog(), options: new Map([['empty', '']]) }
  expect(compile(texts, options).kind).toBe('ok')
})

function tagOf(text: string, dialect: string): string | undefined {
  const options = { catalog: standardCatalog(), options: new Map([['dialect', dialect]]) }
  const result = compile([{ part: 'script', text, file: 'x.d' }], options)
  return result.kind === 'errors' ? result.diagnostics[0]?.tag : undefined
}

it.each<[string, string | undefined, string | undefined]>([
  ['int a[5]; BEGIN { trace(a[5]); }', 'D_ARR_BOUNDS', undefined],
  ['int a[5]; BEGIN { trace(a[4]); }', undefined, undefined],
  ['int a[5]; BEGIN { trace(((int *)a)[9]); }', undefined, undefined],
  ['struct { int n[1]; } s; BEGIN { trace(s.n[7]); }', undefined, undefined],
  ['BEGIN { *(int *)arg0 = 1; }', 'D_OP_WRITE', undefined],
  ['BEGIN { p = (int *)arg0; *p = 1; p[2] = 3; }', undefined, undefined],
  ['unsigned unsigned x; BEGIN { }', undefined, 'D_DECL_COMBO'],
])('%s: %s on Linux, %s on illumos', (text, linux, illumos) => {
  expect([tagOf(text, 'linux'), tagOf(text, 'illumos')]).toEqual([linux, illumos])
})
