// Outcome documents of other jobs, up to the page, the summary and the outputs.
import fc from 'fast-check'
import { actionNames, toMarkdown } from '@alt-las/outcome'
import { outcomeDocument } from '@alt-las/testing'
import { checklist } from '../../actions/release-report/src/checklist/checklist.ts'
import { conclude } from '../../actions/release-report/src/checklist/conclusion.ts'
import { stepNames } from '../../actions/release-report/src/checklist/step.ts'
import { page } from '../../actions/release-report/src/page/page.ts'
import { readEntries } from '../../actions/release-report/src/read/entry.ts'
import { timeline } from '../../actions/release-report/src/read/timeline.ts'
import { outputsOf, summarize } from '../../actions/release-report/src/summary.ts'
import { built, rolledBack, verification } from '../../actions/release-report/src/testing/documents.ts'
import { harmless, harmlessMarkdown } from './harmless.ts'
import { must, triedAsync, type Target } from './harness.ts'
import { mutatedJsonText } from './mutate-json.ts'

const samples = [
  ...actionNames.map((action) => outcomeDocument(action)),
  ...[...built('web'), rolledBack('web'), verification].map(({ text }) => JSON.parse(text) as unknown),
  { ...outcomeDocument('canary-deploy'), schema: 'alt-las-delivery/outcome/v1' },
]
const good = built('api')

export const documents: readonly Target[] = [
  triedAsync({
    name: 'outcome documents to page',
    inputs: fc.array(mutatedJsonText(samples), { minLength: 1, maxLength: 3 }),
    read: async (texts) => {
      const files = texts.map((text, index) => ({ path: `outcomes/outcome-web-${index}/x.json`, text }))
      const all = [...good, ...files]
      const readNamed = (path: string) => Promise.resolve(all.find((one) => one.path === path)?.text ?? '')
      const paths = all.map(({ path }) => path)
      const { entries, unreadable } = await readEntries(paths, { readNamed })
      must(entries.length + unreadable.length === good.length + files.length, 'a document has vanished')
      must(entries.length >= good.length, 'one document hides another')
      const services = checklist(entries, [{ name: 'api', steps: stepNames }])
      const conclusion = conclude('v1', services, entries)
      const facts = { release: 'v1', conclusion, services, entries, unreadable, line: timeline(entries) }
      harmless(page(facts, 0))
      const outcome = { kind: 'passed', because: '', evidence: {} as never, ...facts, page: 'p' } as const
      harmlessMarkdown(toMarkdown(summarize(outcome)))
      outputsOf(outcome)
    },
  }),
]
