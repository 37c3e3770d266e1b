import { describe, expect, test } from '@jest/globals'
import { parseDockerfile, splitWords } from './dockerfile.ts'

const brief = (source: string) =>
  parseDockerfile(source).map(({ name, rest, line }) => `${String(line)} ${name} ${rest}`)

describe('parseDockerfile', () => {
  test.each<[string, string, readonly string[]]>([
    ['comments and blank lines', '# a\n\nFROM a\n  # b\nuser 1', ['3 FROM a', '5 USER 1']],
    ['a continuation', 'RUN a \\\n  b\nUSER 1', ['1 RUN a   b', '3 USER 1']],
    ['a comment inside a continuation', 'RUN a && \\\n# why\n\n  b\nUSER 1', ['1 RUN a &&   b', '5 USER 1']],
    ['blanks after the continuation', 'RUN a \\  \n b', ['1 RUN a  b']],
    ['another escape', '# escape=`\nRUN a `\n b\nCOPY c:\\ d', ['2 RUN a  b', '4 COPY c:\\ d']],
    ['an escape directive too late', '# a\n# escape=`\nRUN a \\\n b', ['3 RUN a  b']],
    ['a heredoc', 'RUN <<EOF\nUSER root\nEOF\nUSER 1', ['1 RUN <<EOF', '4 USER 1']],
    [
      'two heredocs',
      'COPY <<A <<-"B" /x/\nFROM a\nA\nFROM b\n\tB\nUSER 1',
      ['1 COPY <<A <<-"B" /x/', '6 USER 1'],
    ],
    ['a heredoc that never ends', 'RUN <<EOF\nUSER root', ['1 RUN <<EOF']],
    ['carriage returns and a byte order mark', '\uFEFFFROM a\r\nUSER 1\r\n', ['1 FROM a', '2 USER 1']],
    ['a last line that goes on into nothing', 'RUN a \\', ['1 RUN a']],
    ['flags', 'COPY --from=a --chown=1:1 x y', ['1 COPY x y']],
    ['nothing', '', []],
  ])('%s', (_, source, expected) => {
    expect(brief(source)).toEqual(expected)
  })

  test('flags are read in order, the rest keeps its words', () => {
    const [copy] = parseDockerfile('COPY --from=deps --link a --b c')
    expect(copy).toMatchObject({
      flags: [
        ['from', 'deps'],
        ['link', ''],
      ],
      rest: 'a --b c',
    })
  })

  test.each<[string, readonly string[] | null]>([
    ['CMD ["node", "a b.js"]', ['node', 'a b.js']],
    ['CMD node a.js', null],
    ["CMD ['node']", null],
    ['CMD [ -f x ] && y', null],
    ['CMD []', []],
  ])('the exec form of %s', (source, exec) => {
    expect(parseDockerfile(source)[0]?.exec).toEqual(exec)
  })
})

test.each<[string, readonly string[]]>([
  ['A=1 B="two three" C=\'four five\'', ['A=1', 'B=two three', 'C=four five']],
  ['A=one\\ two', ['A=one two']],
  ['A="say \\"x\\""', ['A=say "x"']],
  ['', []],
])('splitWords(%j)', (text, words) => {
  expect(splitWords(text)).toEqual(words)
})
