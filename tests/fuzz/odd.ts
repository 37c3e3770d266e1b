import fc from 'fast-check'

/** Names that every object inherits, and names that parsers give a meaning. */
export const oddKeys = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'toJSON', 'then'],
  ...['length', 'size', '', ' ', '$ref', '<<', '0', '-1', 'a b', 'é', '\ud800', '\u0000', '::', '\r'],
]

export const oddTexts = [
  ...oddKeys,
  ...[
    '\n',
    '\r\n',
    '\u2028',
    '\ufeff',
    '\u202e',
    '\ud83d',
    '%',
    '%zz',
    '%00',
    '%ff',
    '../..',
    '//host',
    '/\\host',
  ],
  ...[
    '::error::x',
    '##[error]x',
    '<script>marked()</script>',
    '![x](javascript:x)',
    '[x](http://x',
    '`|`',
    '\\|',
  ],
  ...[
    'javascript:alert(1)',
    'http://[',
    'https://a:b@c',
    'file:///etc/passwd',
    '^(a+)+$',
    '(',
    '[',
    '${x}',
    '{{x}}',
  ],
  ...[
    '1e999',
    'NaN',
    'Infinity',
    '-0',
    '0x10',
    '9'.repeat(400),
    '1.2.3',
    'v1.2.3-rc.1+b',
    '2026-13-45T99:99:99Z',
  ],
  `sha256:${'a'.repeat(64)}`,
  `sha256:${'A'.repeat(64)}`,
  `sha256:${'a'.repeat(63)}`,
]

const oddNumbers = [
  0,
  -0,
  -1,
  0.5,
  1e-320,
  1e21,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  8.64e15,
  8.65e15,
]

/** Long, but of few kinds: what takes time by the square shows. */
export const longTexts: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      'a',
      ' ',
      '-',
      '\r',
      '"',
      '\\',
      '[',
      '{',
      '\\n',
      '%',
      'a.',
      '-eyJ',
      '://',
      '|',
      '<',
      '_',
      '=',
    ),
    fc.integer({ min: 1, max: 50_000 }),
  )
  .map(([unit, times]) => unit.repeat(Math.ceil(times / unit.length)))

export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 40 }) },
  { weight: 1, arbitrary: longTexts },
)

/** Any value that JSON can hold, and numbers that it cannot. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: oddText },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...oddNumbers, null, true, false) },
  { weight: 1, arbitrary: fc.double() },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      [],
      {},
      [[]],
      [null],
      [{}],
      { toString: 1 },
      { length: -1 },
      { then: 1 },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
)
