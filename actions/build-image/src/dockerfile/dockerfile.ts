import { DockerfileParser, ModifiableInstruction } from 'dockerfile-ast'
import { execForm, readLines, type Line } from './lines.ts'
import { assignmentWords } from './words.ts'

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** Upper case: `RUN`. */
  readonly name: string
  /** `--from=deps` as `['from', 'deps']`, in order. */
  readonly flags: readonly (readonly [string, string])[]
  /** The text after the flags, on one line, as written. */
  readonly rest: string
  /** The words of an exec form, null for a shell form. */
  readonly exec: readonly string[] | null
  /** `ENV` and `ARG`: name and value as written; null for a bare `ARG NAME`. */
  readonly assignments: readonly (readonly [string, string | null])[]
  /** 1-based. */
  readonly line: number
}

export interface Dockerfile {
  readonly instructions: readonly Instruction[]
  /** `\` or a backtick. */
  readonly escape: string
  /** Why this file cannot be read whole, null where it can. */
  readonly problem: string | null
}

/** Reads a Dockerfile as BuildKit does. Never throws: the builder judges the syntax, `problem` says what stays unread. */
export function parseDockerfile(source: string): Dockerfile {
  if (source.length > largest)
    return {
      instructions: [],
      escape: '\\',
      problem: `the Dockerfile is larger than ${largest} characters`,
    }
  const { lines, escape, syntax, problem } = readLines(source)
  if (lines.length > mostInstructions)
    return {
      instructions: [],
      escape,
      problem: `the Dockerfile has more than ${mostInstructions} instructions`,
    }
  return {
    instructions: lines.map((line) => instruction(line, escape)),
    escape,
    problem: problem ?? otherFrontend(syntax),
  }
}

// Far more than any hand-written Dockerfile needs.
const largest = 512 * 1024
const mostInstructions = 2000

/** Why a file that this frontend reads cannot be judged: it may read another language. Mirrors of the usual one keep its last name. */
export function otherFrontend(syntax: string | null): string | null {
  if (syntax === null || /(?:^|\/)dockerfile(?:-upstream)?(?:[:@]\S*)?$/.test(syntax)) return null
  return `the frontend ${syntax} reads this file, not docker/dockerfile`
}

// The parser's time grows with the square of a line's length; keyword and flags are at its start.
const readByParser = 4096

function instruction({ text, line }: Line, escape: string): Instruction {
  const head = text.slice(0, readByParser).replace(/[\r\v\f\u0085\u00a0]/g, ' ')
  const [ast] = DockerfileParser.parse(escape === '`' ? `# escape=\`\n${head}` : head).getInstructions()
  const name = (ast?.getKeyword() ?? '').toUpperCase()
  const flags = ast instanceof ModifiableInstruction ? ast.getFlags() : []
  const rest = text.slice(flags.at(-1)?.getRange().end.character ?? name.length).trim()
  return {
    name,
    flags: flags.map((flag) => [flag.getName(), (flag.getValue() ?? '').replaceAll(/["']/g, '')] as const),
    rest,
    exec: execForm(rest),
    assignments: name === 'ENV' || name === 'ARG' ? assignmentsOf(name, rest, escape) : [],
    line,
  }
}

// Not by dockerfile-ast: it takes the quote of `A=it\'s B=c` for an opening one, and hides B.
function assignmentsOf(name: string, rest: string, escape: string): Instruction['assignments'] {
  const words = assignmentWords(rest, escape)
  const [first = ''] = words
  // The old form of ENV: one name, and the rest of the line.
  if (name === 'ENV' && !first.includes('=')) return [[first, rest.slice(first.length).trim()]]
  return words.map((word) => {
    const at = word.indexOf('=')
    return at === -1 ? ([word, null] as const) : ([word.slice(0, at), word.slice(at + 1)] as const)
  })
}
