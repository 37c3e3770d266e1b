// What a scanner writes, what may be left out of it, and what another job says about it.
import fc from 'fast-check'
import { toMarkdown } from '@alt-las/outcome'
import { outcomeDocument, readerFor } from '@alt-las/testing'
import { parse } from '../../actions/scan-trivy/src/inputs.ts'
import { conclude } from '../../actions/scan-trivy/src/outcome.ts'
import { outputsOf, summarize } from '../../actions/scan-trivy/src/summary.ts'
import { trivyReport } from '../../actions/scan-trivy/src/testing/report.ts'
import { readScan } from '../../actions/scan-trivy/src/trivy/scan-result.ts'
import { joinIgnores } from '../../actions/scan-trivy/src/verdict/ignores.ts'
import { judgeScan } from '../../actions/push-image/src/approval.ts'
import { digestOf } from '@alt-las/registry'
import { harmlessMarkdown } from './harmless.ts'
import { must, tried, type Target } from './harness.ts'
import { mutatedJsonText } from './mutate-json.ts'
import { mutatedTexts } from './mutate-text.ts'

const imageId = digestOf('a')
const inputs = parse(
  readerFor(new URL('../../actions/scan-trivy/action.yml', import.meta.url), { input: 'layout' }),
)
const targets = {
  targets: [{ platform: 'linux/amd64', subject: { kind: 'layout', path: '/l' }, imageId, layers: [] }],
  digest: imageId,
  name: 'web',
  image: null,
} as const
const nothing = { name: '.trivyignore', text: '', entries: [] } as const

const approvals = (['passed', 'refused', 'failed'] as const).map((outcome) =>
  outcomeDocument('scan-trivy', { outcome, subject: { service: 'web', digest: imageId } }),
)

export const scans: readonly Target[] = [
  tried({
    name: 'Trivy JSON to summary',
    inputs: mutatedJsonText([JSON.parse(trivyReport(imageId))]),
    read: (text) => {
      const results = [readScan(text, 'linux/amd64')]
      const facts = { inputs, targets, results, baseline: null, ignores: nothing, database: null, files: {} }
      const outcome = conclude({ ...facts, version: '0.74.0', now: 0 })
      harmlessMarkdown(toMarkdown(summarize(outcome)))
      for (const [name, value] of Object.entries(outputsOf(outcome)))
        must(typeof value === 'string', `the output ${name} is no text`)
      JSON.stringify(outcome.evidence)
    },
  }),
  tried({
    name: 'ignore files',
    inputs: fc.tuple(
      fc.constantFrom('.trivyignore', 'ignore.yaml'),
      mutatedTexts(
        [
          '# why\nCVE-2021-23337 exp:2026-12-01\nAVD-AWS-0086\n',
          'vulnerabilities:\n  - id: CVE-1\n    expired_at: 2026-12-01\nsecrets:\n  - id: aws\n',
        ],
        [
          'CVE-1',
          'exp:',
          '2026-12-01',
          '#',
          'vulnerabilities:',
          '- ',
          'id: ',
          'expired_at: ',
          '? ',
          '[',
          '{',
          '&a ',
          '*a',
          '!!set',
          '<<: ',
        ],
      ),
    ),
    read: ([path, text]) => {
      for (const { id, until } of joinIgnores([{ path, text }]).entries)
        must(typeof id === 'string' && (until === null || Number.isFinite(until)), `${id} until ${until}`)
    },
  }),
  tried({
    name: 'scan approvals',
    inputs: mutatedJsonText(approvals),
    read: (text) => {
      if (judgeScan(text, 'outcome.json', imageId).kind !== 'approved') return
      const { outcome, subject, action } = JSON.parse(text) as (typeof approvals)[number]
      const isSo = outcome === 'passed' && subject.digest === imageId && action === 'scan-trivy'
      must(isSo, `approved by a document that is ${outcome} of ${subject.digest}`)
    },
  }),
]
