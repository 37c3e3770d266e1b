import { expect, test } from '@jest/globals'
import { isEmptyTable } from './outside.ts'

const chain = (rules: string): string =>
  `table ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter; policy accept;\n${rules}\t}\n}\n`

test('a table of chains without rules is empty; one rule, or a policy that drops and its rule, and it is not', () => {
  expect(isEmptyTable(chain(''))).toBe(true)
  expect(
    isEmptyTable(`# Warning: table ip filter is managed by iptables-nft, do not touch!\n${chain('')}`),
  ).toBe(true)
  expect(isEmptyTable(chain('\t\toifname "docker0" counter accept\n'))).toBe(false)
})
