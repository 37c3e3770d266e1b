import { describe, expect, test } from '@jest/globals'
import { inTime } from '@alt-las/time'
import { readLines } from './lines.ts'

const names = (source: string) =>
  readLines(source).lines.map(({ text, line }) => `${line} ${text.split(/\s/)[0] ?? ''}`)
const t = String.raw

// `USER root` stands last in each; whether BuildKit sees it decides who the image runs as.
describe('what BuildKit reads as an instruction', () => {
  test.each<[string, string, readonly string[]]>([
    ['heredoc', 'RUN <<EOF\nUSER 1\nEOF\nUSER root', ['1 RUN', '4 USER']],
    ['heredoc after a blank', "RUN cat > /x << 'EOF'\nuser nginx;\nEOF\nUSER root", ['1 RUN', '4 USER']],
    ['heredoc after tabs', 'RUN cat <<\t\tEOF\nuser nginx;\nEOF\nUSER root', ['1 RUN', '4 USER']],
    ['heredoc named after a file', 'COPY <<a-b.yaml /x\nUSER 1\na-b.yaml\nUSER root', ['1 COPY', '4 USER']],
    ['heredoc of a descriptor', 'RUN cat 3<<EOF\nUSER 1\nEOF\nUSER root', ['1 RUN', '4 USER']],
    ['heredoc in double quotes', 'RUN cat <<"E F"\nUSER 1\nE F\nUSER root', ['1 RUN', '4 USER']],
    ['heredoc quoted in part', "RUN cat <<E'O'F\nUSER 1\nEOF\nUSER root", ['1 RUN', '4 USER']],
    ['heredoc with an escaped quote', t`RUN cat <<eo\'f` + "\nUSER 1\neo'f\nUSER root", ['1 RUN', '4 USER']],
    ['heredoc named by a variable', 'RUN cat <<$EOF\nUSER 1\n$EOF\nUSER root', ['1 RUN', '4 USER']],
    ['heredoc with tabs before its end', 'RUN <<-EOF\n\tUSER 1\n\t\tEOF\nUSER root', ['1 RUN', '4 USER']],
    ['heredoc whose end is indented', 'RUN <<EOF\n EOF\n\tEOF\nEOF\nUSER root', ['1 RUN', '5 USER']],
    ['two heredocs', 'COPY <<A <<B /x\nB\nA\nA\nB\nUSER root', ['1 COPY', '6 USER']],
    ['heredoc in ONBUILD', 'ONBUILD RUN <<EOF\nUSER 1\nEOF\nUSER root', ['1 ONBUILD', '4 USER']],
    ['heredoc after a continuation', 'RUN a && \\\n  cat <<EOF\nUSER 1\nEOF\nUSER root', ['1 RUN', '5 USER']],
    ['heredoc in ADD', 'ADD <<EOF /x\nUSER 1\nEOF\nUSER root', ['1 ADD', '4 USER']],
    [
      'heredoc after a flag',
      'RUN --mount=type=cache,target=/x <<EOF\nUSER 1\nEOF\nUSER root',
      ['1 RUN', '4 USER'],
    ],
    ['heredoc with CRLF', 'RUN <<EOF\r\nUSER 1\r\nEOF\r\nUSER root', ['1 RUN', '4 USER']],
    ['heredoc whose comment is its text', 'RUN <<EOF\n# EOF\nEOF\nUSER root', ['1 RUN', '4 USER']],
    ['semicolon in the name', 'RUN cat <<EOF; true\nEOF;\nUSER root', ['1 RUN', '3 USER']],
    ['shift operator', 'RUN echo $((1<<BITS))\nUSER root', ['1 RUN', '2 USER']],
    ['shift by a number', 'RUN echo $(( 1 <<3 ))\n3\nUSER root', ['1 RUN', '3 USER']],
    ['quoted heredoc', 'RUN echo "usage: tool <<EOF"\nUSER root', ['1 RUN', '2 USER']],
    ['single-quoted heredoc', "RUN echo 'tool <<EOF'\nUSER root", ['1 RUN', '2 USER']],
    ['here-string', 'RUN cat <<< EOF\nUSER root', ['1 RUN', '2 USER']],
    ['here-string without a blank', 'RUN cat <<<EOF\nUSER root', ['1 RUN', '2 USER']],
    ['heredoc within a word', 'RUN cat<<EOF\nUSER root', ['1 RUN', '2 USER']],
    ['redirect before the heredoc', 'RUN cat >/x<<EOF\nUSER root', ['1 RUN', '2 USER']],
    ['line that the lexer cannot read', "RUN echo it's <<EOF\nUSER root", ['1 RUN', '2 USER']],
    ['length of a shell array', 'RUN echo ${#a} <<EOF\nUSER root', ['1 RUN', '2 USER']],
    ['exec form', 'RUN ["cat", "<<EOF"]\nUSER root', ['1 RUN', '2 USER']],
    ['instruction without heredocs', 'LABEL a=<<EOF\nUSER root', ['1 LABEL', '2 USER']],
    ['comment', '# RUN <<EOF\nUSER root', ['2 USER']],
    ['escaped escape', t`ENV A=C:\\data\\` + '\nUSER root', ['1 ENV', '2 USER']],
    ['escape before blanks', 'RUN a \\  \nUSER root', ['1 RUN']],
    ['comments and empty lines within', 'RUN a \\\n# b\n\n  c\nUSER root', ['1 RUN', '5 USER']],
    ['comment with an escape at its end', '# a \\\nUSER root', ['2 USER']],
    ['escape alone on a line', 'RUN a \\\n\\\n b\nUSER root', ['1 RUN', '4 USER']],
    ['backtick as escape', '# escape=`\nRUN a `\n b\nENV A=C:\\\nUSER root', ['2 RUN', '4 ENV', '5 USER']],
    [
      'directives before escape',
      '# syntax=docker/dockerfile:1\n# escape=`\nRUN a `\n b\nUSER root',
      ['3 RUN', '5 USER'],
    ],
    ['directive after a comment', '# hello\n# escape=`\nRUN a `\nUSER root', ['3 RUN', '4 USER']],
    ['directive after an empty line', '\n# escape=`\nRUN a `\nUSER root', ['3 RUN', '4 USER']],
    ['byte order mark', '\uFEFFUSER root', ['1 USER']],
    ['indented', '  USER root', ['1 USER']],
    // Go and JavaScript take different characters for blanks.
    ['escape before a blank of another kind', 'RUN a \\\u00a0\nUSER root', ['1 RUN', '2 USER']],
    ['comment after a blank of Go alone', 'RUN a \\\n\u0085# \\\n b\nUSER root', ['1 RUN', '4 USER']],
    ['no comment after a byte order mark', 'RUN a \\\n\ufeff# b\nUSER root', ['1 RUN', '3 USER']],
  ])('%s', (_, source, expected) => {
    expect(names(source)).toEqual(expected)
  })

  test('a heredoc without an end is named', () => {
    expect(readLines('FROM a\nRUN <<EOF\nUSER root')).toMatchObject({
      problem: 'the heredoc EOF of line 2 has no end',
    })
  })
})

test.each([
  ['a comment', '# syntax=x/y:1\nFROM a', 'x/y:1'],
  ['a comment behind a line for a shell', '#!/usr/bin/env docker\n# syntax=x/y:1\nFROM a', 'x/y:1'],
  ['a comment of two slashes', '//  syntax = x/y:1\nFROM a', 'x/y:1'],
  ['JSON', '{\n"syntax": "x/y:1" }', 'x/y:1'],
  ['nothing at the top', 'FROM a\n# syntax=x/y:1', null],
])('the frontend is chosen by %s', (_, source, syntax) => {
  expect(readLines(source).syntax).toBe(syntax)
})

test('blanks within a line take linear time', () => {
  const text = `FROM a\nRUN b${' '.repeat(200_000)}c \\\n d`
  expect(inTime('it', () => readLines(text).lines[1]?.text.endsWith('d'), 20_000)).toBe(true)
})

test('carriage returns within a line take linear time', () => {
  const text = `FROM a\nRUN b${'\r'.repeat(200_000)}c\r\r\n`
  expect(inTime('it', () => readLines(text).lines[1]?.text.endsWith('c'), 20_000)).toBe(true)
})
