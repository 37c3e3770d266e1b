import type { Issue } from '@alt-las/runner'

/** Issues of the repository, by one label. */
export interface Issues {
  findIssue(label: string): Promise<Issue | null>
  createIssue(issue: {
    readonly title: string
    readonly body: string
    readonly label: string
  }): Promise<Issue>
  updateIssue(
    number: number,
    change: { readonly body: string; readonly state: 'open' | 'closed' },
  ): Promise<void>
}

export interface IssueState {
  readonly label: string
  readonly passes: boolean
  readonly title: string
  /** Markdown. */
  readonly body: string
}

/** ONE open issue as long as it does not pass: opened, kept up to date, closed when it passes again. null: there is none to show. */
export async function keepIssue(
  { label, passes, title, body }: IssueState,
  issues: Issues,
): Promise<{ readonly url: string; readonly what: 'opened' | 'updated' | 'closed' } | null> {
  const found = await issues.findIssue(label)
  const text = withoutMentions(body)
  if (found === null) {
    if (passes) return null
    const { url } = await issues.createIssue({ title: withoutMentions(title), body: text, label })
    return { url, what: 'opened' }
  }
  await issues.updateIssue(found.number, { body: text, state: passes ? 'closed' : 'open' })
  return { url: found.url, what: passes ? 'closed' : 'updated' }
}

/** What a service or a cluster says must not call people: a name after @ gets a character that has no width. */
function withoutMentions(text: string): string {
  return text.replaceAll('@', '@\u2060')
}
