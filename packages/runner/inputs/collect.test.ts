import { describe, expect, test } from '@jest/globals'
import {
  choice,
  choices,
  collect,
  duration,
  optional,
  percent,
  required,
  text,
  type Parsed,
  type Rule,
} from '../index.ts'

const reading = (values: Record<string, string>) => (name: string) => values[name] ?? ''

describe('collect', () => {
  test('reads kebab-case inputs into camelCase values of the types that the parsers have', () => {
    const parsers = { failSeverity: choices(['HIGH', 'CRITICAL']), maxAge: duration }
    const inputs: Parsed<typeof parsers> = collect(
      reading({ 'fail-severity': 'HIGH, CRITICAL', 'max-age': '72h' }),
      parsers,
    )
    expect({ ...inputs }).toEqual({ failSeverity: ['HIGH', 'CRITICAL'], maxAge: 259_200_000 })
  })

  test('reports all problems together, each with its name', () => {
    const act = () => collect(reading({ steps: 'abc' }), { image: required(text), steps: percent })
    expect(act).toThrow(
      '2 inputs are wrong:\n- image: is required, got nothing\n- steps: got "abc", expected a percentage',
    )
  })
})

describe('rules between inputs', () => {
  const parsers = {
    username: optional(text),
    password: optional(text),
    steps: percent,
    strategy: choice(['canary', 'rolling']),
  }
  type Inputs = Parsed<typeof parsers>
  const both: Rule<Inputs> = ({ username, password }) =>
    (username === null) === (password === null) ? null : 'username, password: got one, expected both or none'
  const noSteps: Rule<Inputs> = ({ strategy, steps }) =>
    strategy === 'rolling' && steps > 0 ? ['steps: got some, expected none', 'strategy: has no steps'] : null
  const whole: Rule<Inputs> = (inputs) => (Object.values({ ...inputs }).length === 4 ? null : 'never')

  const given = (values: Record<string, string>) => () =>
    collect(reading({ steps: '5%', strategy: 'canary', ...values }), parsers, [both, noSteps, whole])

  test('a rule that holds adds nothing', () => {
    expect(given({})()).toMatchObject({ steps: 5, strategy: 'canary' })
  })

  test('their problems stand in the same list as those of single inputs', () => {
    expect(given({ username: 'a', strategy: 'blue' })).toThrow(
      '2 inputs are wrong:\n- strategy: got "blue", expected one of canary, rolling\n- username, password: got one',
    )
    expect(given({ strategy: 'rolling' })).toThrow(
      '- steps: got some, expected none\n- strategy: has no steps',
    )
  })

  test('a rule about an input that did not parse is skipped: its own problem is enough', () => {
    const act = given({ steps: 'abc', strategy: 'rolling' })
    expect(act).toThrow('steps: got "abc", expected a percentage')
    expect(act).not.toThrow('expected none')
  })

  test('a rule that breaks is a defect and not a problem of the inputs', () => {
    const defect = () => {
      throw new TypeError('x is undefined')
    }
    expect(() => collect(reading({}), {}, [defect])).toThrow(TypeError)
  })
})
