import { describe, expect, test } from '@jest/globals'
import { accepts, uncoveredIn } from './coverage.ts'
import { parseReport } from './report.ts'

const names = (report: object) =>
  uncoveredIn(parseReport(JSON.stringify({ SchemaVersion: 2, ...report }))).map(({ name }) => name)
const os = (Family: string, Name: string, EOSL = false) => ({ Metadata: { OS: { Family, Name, EOSL } } })
const packages = (Type: string, count = 1) => ({
  Results: [{ Class: 'lang-pkgs', Type, Packages: Array.from({ length: count }, () => ({ Name: 'a' })) }],
})

describe('what the database does not cover', () => {
  test.each<[string, object, string[]]>([
    ['a distribution that it knows', os('debian', '12.5'), []],
    ['one without advisories', os('fedora', '40'), ['fedora 40']],
    ['one of another time', os('plan9', ''), ['plan9']],
    ['one that has ended', os('alpine', '3.9.6', true), ['alpine 3.9.6']],
    ['no distribution', {}, []],
    ['no distribution, in another word', os('none', ''), []],
    ['one of languages alone', os('activestate', '1'), []],
    ['an ecosystem that it knows', packages('node-pkg'), []],
    ['one without advisories: packages', packages('conda-pkg'), ['conda-pkg']],
    ['without a package', packages('conda-pkg', 0), []],
    ['several', { ...os('fedora', '40'), ...packages('opam') }, ['fedora 40', 'opam']],
  ])('%s', (_, report, expected) => {
    expect(names(report)).toEqual(expected)
  })

  test.each([
    ['fedora', 'fedora 40', true],
    ['Fedora  40', 'fedora 40', true],
    ['debian 8', 'debian 8.11', true],
    ['debian 8', 'debian 80', false],
    ['debian 1', 'debian 10.1', false],
    ['deb', 'debian 8', false],
    ['conda-pkg', 'conda-pkg', true],
    ['conda', 'conda-pkg', false],
    ['alpine 3.9', 'alpine 3.9.6', true],
  ])('the entry %s accepts %s: %s', (entry, name, answer) => {
    expect(accepts(entry, { name, because: '', kind: 'distribution' })).toBe(answer)
  })
})
