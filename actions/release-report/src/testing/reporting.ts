import { fakeClock, silentLog } from '@alt-las/testing'
import type { Inputs, PlannedService } from '../inputs.ts'
import { releaseReport } from '../release-report.ts'
import { checkout } from './checkout.ts'
import type { FoundFile } from './documents.ts'

/** A report over these documents, with the marks of its checklist and what GitHub was told. */
export async function reporting(
  files: readonly FoundFile[],
  services: readonly PlannedService[] = [],
  own: Partial<Inputs> = {},
) {
  const disk = checkout(files)
  const none = { issue: null, startWorkflow: null, githubToken: null, ...own }
  const inputs = {
    service: null,
    outcomes: ['outcomes/*/outcome.json'],
    release: 'v1.2.0',
    services,
    ...none,
  }
  const told: unknown[] = []
  const github = {
    findIssue: () => Promise.resolve(null),
    createIssue: ({ title }: { readonly title: string }) => {
      told.push(title)
      return Promise.resolve({ number: 7, url: 'https://github.com/o/r/issues/7' })
    },
    updateIssue: () => Promise.resolve(),
    startWorkflow: (file: string, ref: string) => {
      told.push(`${file} on ${ref}`)
      return Promise.resolve()
    },
  }
  const outcome = await releaseReport(inputs, {
    files: disk,
    clock: fakeClock(),
    log: silentLog(),
    github,
    refName: 'main',
  })
  const marks = Object.fromEntries(
    outcome.services.map(({ service, steps }) => [service, steps.map((step) => step.mark).join(' ')]),
  )
  return { outcome, marks, told, page: disk.written.get('release-report.html') ?? '' }
}
