import { describe, expect, test } from '@jest/globals'
import { releaseNotes } from '../../scripts/release-notes.ts'
import { readWorkflow } from './read.ts'

const changelog =
  '# Changelog\n\n## Unreleased\n\n## 1.10.0 - 2026-12-01\n\n- new\n- better\n\n## 1.1.0\n\n- old\n'

describe('the notes of a release', () => {
  test('are the section of exactly that version', () => {
    expect(releaseNotes(changelog, '1.10.0')).toBe('- new\n- better')
    expect(releaseNotes(changelog, '1.1.0')).toBe('- old')
  })

  test.each(['1.0.0', '1.1', 'v1.1.0', 'Unreleased', '1.1.0\n'])('%j has none', (version) => {
    expect(() => releaseNotes(changelog, version)).toThrow(/got/)
  })
})

describe('release', () => {
  const workflow = readWorkflow('.github/workflows/release.yaml')

  test('starts by hand only, on main: a pushed tag is a release of the product', () => {
    expect(Object.keys(workflow.on)).toEqual(['workflow_dispatch'])
    expect(workflow.jobs['check']?.if).toBe("github.ref == 'refs/heads/main'")
    expect(workflow.jobs['publish']?.needs).toBe('check')
  })

  test('makes its tags with GITHUB_TOKEN, which starts no workflow', () => {
    for (const [, value = ''] of workflow.text.matchAll(/GH_TOKEN: (.*)$/gm))
      expect(value).toBe('${{ github.token }}')
    expect(workflow.text).not.toContain('secrets.')
    expect(workflow.text).not.toContain('git push')
  })

  test('tests and compares the bundles before anything is published', () => {
    expect(workflow.jobs['check']?.steps.flatMap(({ run }) => run ?? [])).toEqual(
      expect.arrayContaining(['npm ci', 'npm test', 'npm run check']),
    )
    expect(workflow.jobs['check']?.permissions).toEqual({ contents: 'read' })
  })
})
